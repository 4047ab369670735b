//! IBC's configuration for one start.

use crate::tws::instance::TwsInstance;
use crate::tws::request::TwsRequest;
use anyhow::Context;
use ib_cli::{Exit, Login, Mode, OrExit, Result, Secret, Unreadable};
use ib_tws::{IbcConfig, IbcLogin, IbcSetting, with_second_factor};
use std::fs;
use std::path::Path;

/// The configuration; without a login, a person logs in.
///
/// # Errors
/// `Config` when IBC would read a value as something else.
pub(crate) fn render(
    request: &TwsRequest,
    instance: &TwsInstance,
    mode: Mode,
    login: Option<&Login>,
) -> Result<Secret> {
    let password = login.map_or("", |login| login.password.expose());
    render_with(request, instance, mode, login, password)
}

/// The same without the password: with it, IBC restarts by a token and types nothing.
///
/// # Errors
/// As [`render`].
pub(crate) fn render_spent(
    request: &TwsRequest,
    instance: &TwsInstance,
    mode: Mode,
    login: Option<&Login>,
) -> Result<Secret> {
    render_with(request, instance, mode, login, "")
}

fn render_with(
    request: &TwsRequest,
    instance: &TwsInstance,
    mode: Mode,
    login: Option<&Login>,
    password: &str,
) -> Result<Secret> {
    let is_live = mode == Mode::Live;
    let mut config = match login {
        Some(login) => IbcConfig::new(&IbcLogin {
            username: &login.username,
            password,
            is_live,
            second_factor: login.second_factor.as_deref(),
        }),
        None => IbcConfig::without_login(is_live),
    }?;
    let port = |port: u16| port.to_string();
    let settings = [
        ("OverrideTwsApiPort", Some(port(instance.api_port))),
        ("CommandServerPort", Some(port(request.command_port(mode)))),
        (
            "AutoRestartTime",
            request.auto_restart.as_ref().map(ToString::to_string),
        ),
        (
            "ColdRestartTime",
            request.cold_restart.as_ref().map(ToString::to_string),
        ),
        (
            "ReadOnlyApi",
            request.read_only_api.map(|answer| answer.name().to_owned()),
        ),
    ];
    // The title of a dialog may not say what it asks: a passkey's has just that of the program (QuantConnect/IBAutomater#113).
    config.set(&IbcSetting::new("LogStructureScope", "unknown"))?;
    config.set(&IbcSetting::new("LogStructureWhen", "open"))?;
    for (key, value) in settings {
        if let Some(value) = value {
            config.set(&IbcSetting::new(key, value))?;
        }
    }
    Ok(config.render())
}

/// Puts the second factor's token into jts.ini, where IB Gateway looks for it.
pub(crate) fn put_second_factor(settings: &Path, login: &Login) -> Result<()> {
    let Some(token) = &login.jts_second_factor else {
        return Ok(());
    };
    let file = settings.join("jts.ini");
    let writing = || format!("putting the second factor into {}", file.display());
    let bytes = match fs::read(&file) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
        read => read.with_context(writing).or_exit(Exit::Config)?,
    };
    let text = String::from_utf8(bytes)
        .map_err(|error| Unreadable::from(error.utf8_error()).error(writing()))?;
    let Some(text) = with_second_factor(&text, token.expose()) else {
        return Ok(());
    };
    ib_cli::write_atomic(&file, text.as_bytes())
        .with_context(writing)
        .or_exit(Exit::Config)
}
