//! Bring up one Client Portal Gateway and return when it answers.
