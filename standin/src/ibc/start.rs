//! The command line that `ibcstart.sh` calls the play with.

use std::path::PathBuf;

/// How it was started.
#[derive(clap::Args, Clone)]
pub(crate) struct IbcStart {
    /// Directory of the layout, with `script.json` and `played.ndjson` beside it
    #[arg(long)]
    pub layout: PathBuf,
    /// Settings directory
    #[arg(long)]
    pub settings: PathBuf,
    /// Name of this run of ibcstart.sh
    #[arg(long)]
    pub session: String,
    /// Folder in the settings directory with the token of the last login
    #[arg(long)]
    pub restart: Option<String>,
    /// It is TWS; else IB Gateway
    #[arg(long)]
    pub tws: bool,
    /// The ini file, the username and the password if they were given, the mode if it was
    #[arg(required = true, num_args = 1..=4)]
    pub words: Vec<String>,
}

/// The arguments that `IbcGateway` takes.
pub(crate) struct IbcArguments<'a> {
    pub ini: &'a str,
    /// The username and the password, where they were given.
    pub credentials: Option<(&'a str, &'a str)>,
    /// `live` or `paper`, where it was given.
    pub mode: Option<&'a str>,
}

impl IbcStart {
    /// The arguments, counted as `IbcGateway` counts them.
    pub(crate) fn arguments(&self) -> IbcArguments<'_> {
        let words: Vec<&str> = self.words.iter().map(String::as_str).collect();
        let (credentials, mode) = match words[..] {
            [_, user, password] => (Some((user, password)), None),
            [_, user, password, mode] => (Some((user, password)), Some(mode)),
            [_, mode] => (None, Some(mode)),
            _ => (None, None),
        };
        IbcArguments {
            ini: words[0],
            credentials,
            mode,
        }
    }
}
