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
    use clap::CommandFactory;
    match tool {
        "ibgw-start" => ibgw_start::StartArgs::command(),
        "ibgw-secret" => ibgw_secret::SecretArgs::command(),
        "ibgw-login" => ibgw_login::LoginArgs::command(),
        "ibgw-tickle" => ibgw_tickle::TickleArgs::command(),
        "ibsso-token" => ibsso_token::TokenArgs::command(),
        "ibsso-validate" => ibsso_validate::ValidateArgs::command(),
        other => panic!("{other} does not exist yet"),
    }
}
