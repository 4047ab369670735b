//! The guard: what keeps the account from being locked, and its ledger.
