//! The contract that all tools share: streams, exit codes, errors, settings.

mod exits;
mod flags;
mod streams;
mod surroundings;

/// The tools that exist.
pub(crate) const TOOLS: [&str; 6] = [
    "ibgw-start",
    "ibgw-secret",
    "ibgw-login",
    "ibgw-tickle",
    "ibsso-token",
    "ibsso-validate",
];

/// A tool's command line as clap knows it.
pub(crate) fn command(tool: &str) -> clap::Command {
    let mut tools = crate::man::tools().into_iter();
    let found = tools.find(|command| command.get_name() == tool);
    found.unwrap_or_else(|| panic!("{tool} is no tool"))
}
