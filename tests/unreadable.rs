//! No text of a library about a file's content reaches a person: files are broken, with markers planted in them, and the
//! markers are looked for in all that a tool prints and keeps.

mod binaries;
mod broken;
mod command_line;
mod kept_files;
mod planted;
mod reader;
mod readers;
