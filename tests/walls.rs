//! The walls: what the crates may use, how files and names are kept.

mod circles;
mod files;
mod names;
mod tree;
mod wings;
mod words;
