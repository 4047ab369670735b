//! Writes what the manual pages and the completions take from the programs: `cargo run --locked --example generate`.

use clap::CommandFactory;
use ib_testkit::pages;
use std::path::Path;
use std::{fs, io};

fn main() -> io::Result<()> {
    let mut tools = [
        ibgw_start::StartArgs::command(),
        ibgw_secret::SecretArgs::command(),
        ibgw_login::LoginArgs::command(),
        ibgw_tickle::TickleArgs::command(),
        ibsso_token::TokenArgs::command(),
        ibsso_validate::ValidateArgs::command(),
    ];
    tools.iter_mut().for_each(clap::Command::build);
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    for file in pages::generated(repository, &tools)? {
        let path = repository.join(file.path);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(path, file.text)?;
    }
    Ok(())
}
