//! The manual pages and papers, held to the programs.

mod examples;
mod exits;
mod flags;
mod from_ibeam;
mod generated;
mod help;
mod lock_rule;
mod needs;
mod page;
mod papers;
mod reports;
mod sources;
mod synopsis;

use clap::{Arg, Command, CommandFactory};
use std::collections::BTreeSet;

/// Every tool's command line, with help and version.
pub(crate) fn tools() -> Vec<Command> {
    let mut tools = vec![
        ibgw_start::StartArgs::command(),
        ibgw_secret::SecretArgs::command(),
        ibgw_login::LoginArgs::command(),
        ibgw_tickle::TickleArgs::command(),
        ibsso_token::TokenArgs::command(),
        ibsso_validate::ValidateArgs::command(),
    ];
    tools.iter_mut().for_each(Command::build);
    tools
}

/// The flags of a tool and of its subcommands.
fn all_arguments(tool: &Command) -> Vec<&Arg> {
    let below = tool.get_subcommands().flat_map(Command::get_arguments);
    let all = tool.get_arguments().chain(below);
    // What one of our processes says to another is no user's.
    all.filter(|arg| !arg.is_hide_set()).collect()
}

/// The long flags of a tool and of its subcommands, without their dashes.
pub(crate) fn long_flags(tool: &Command) -> BTreeSet<String> {
    let longs = all_arguments(tool).into_iter().filter_map(Arg::get_long);
    longs.map(str::to_owned).collect()
}

/// The exits that a tool's page lists.
pub(crate) fn exits_of(tool: &str) -> Vec<u8> {
    let exits = page::Page::of(tool).exits();
    exits.into_iter().map(|(code, _)| code).collect()
}
