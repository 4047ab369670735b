//! The walls between the crates: what may use what, as cargo itself sees it.

mod files;
mod tree;
mod wings;
mod words;
