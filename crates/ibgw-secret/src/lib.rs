//! Read one login from wherever it is kept and print it as a record.
