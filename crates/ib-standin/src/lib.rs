//! Development only: an upstream (IBKR) and a gateway front, neither of them real.
