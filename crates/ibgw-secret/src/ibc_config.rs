//! Print the login as IBC's config.ini.

use crate::SecretOutput;
use crate::login::{LoginParts, PartArgs};
use crate::part::LoginPart;
use crate::reader::{Reader, ReaderArgs};
use ib_cli::flag_group::OUTPUT;
use ib_cli::{Answer, Result, keep_off_terminal};
use ib_tws::{IbcConfig, IbcLogin, IbcSetting};

/// Printing a config.ini.
#[derive(clap::Args)]
pub(crate) struct IbcConfigArgs {
    #[command(flatten)]
    login: PartArgs,
    #[command(flatten)]
    reader: ReaderArgs,
    /// Set one of IBC's settings
    ///
    /// The setting replaces the one that this tool writes. A key that IBC 3.24 does not know is refused, and so is a key
    /// that comes from the login.
    #[arg(long = "set", value_name = "KEY=VALUE", help_heading = OUTPUT)]
    settings: Vec<IbcSetting>,
    /// Print secrets even to a terminal
    #[arg(long, help_heading = OUTPUT)]
    show: bool,
}

/// Prints the file.
pub(crate) fn run(args: IbcConfigArgs) -> Result<Answer<SecretOutput>> {
    keep_off_terminal(args.show)?;
    let reader = Reader::new(args.reader);
    let login = LoginParts::find(&args.login, &reader)?;
    let username = login.require(LoginPart::Username)?;
    let password = login.require(LoginPart::Password)?;
    let mode = login.read(LoginPart::Mode)?;
    let second_factor = login.read(LoginPart::SecondFactor)?;
    let mut config = IbcConfig::new(&IbcLogin {
        username: username.expose(),
        password: password.expose(),
        // Live is never assumed.
        is_live: mode.is_some_and(|mode| mode.expose() == "live"),
        second_factor: second_factor.as_ref().map(|name| name.expose()),
    })?;
    for setting in &args.settings {
        config.set(setting)?;
    }
    Ok(Answer::raw(config.render().without_newline()))
}
