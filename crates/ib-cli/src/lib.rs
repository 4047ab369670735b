//! The contract with the caller: arguments, exits, errors, reports, references, state files.
