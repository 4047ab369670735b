//! Where IB Gateway, IBC and what they keep are; looked at before anything is started.

use crate::args::tws::{TwsArgs, YesNo};
use crate::service::programs;
use crate::tws::agreement::whole;
use crate::tws::instance::TwsInstance;
use crate::tws::paths;
use crate::tws::program;
use anyhow::Context;
use ib_cli::{Error, Exit, Lock, Mode, OrExit, Result, StateArgs, StateDir};
use ib_proc::Deadline;
use ib_tws::{CourseSetup, IbcPaths};
use std::fs::{self, DirBuilder};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Where IBKR offers the versions that can be used: others have no directory for each version.
const SOURCE: &str =
    "https://www.interactivebrokers.com/en/trading/ibgateway-stable.php, the standalone one";

/// What a start needs, found.
pub struct Installed {
    tws_dir: PathBuf,
    pub version: String,
    ibc_dir: PathBuf,
    pub settings_dir: PathBuf,
    /// The folder of the Java that was named.
    java: Option<PathBuf>,
    pub mode: Mode,
    is_tws: bool,
}

impl Installed {
    /// The same as a driver wants it.
    pub fn place(&self) -> IbcPaths<'_> {
        IbcPaths {
            tws_dir: &self.tws_dir,
            version: &self.version,
            ibc_dir: &self.ibc_dir,
            settings_dir: &self.settings_dir,
            java: self.java.as_deref(),
            mode: self.mode.name(),
            is_tws: self.is_tws,
        }
    }

    /// Whether it is TWS; else IB Gateway.
    pub fn is_tws(&self) -> bool {
        self.is_tws
    }

    /// How it is set up, for other runs that may want it otherwise.
    pub fn setup(&self, args: &TwsArgs) -> CourseSetup {
        CourseSetup {
            tws_dir: whole(&self.tws_dir),
            version: self.version.clone(),
            ibc_dir: whole(&self.ibc_dir),
            settings_dir: whole(&self.settings_dir),
            forward: args.forward,
            vnc: args.vnc,
            vnc_control: args.vnc_control || args.manual,
            auto_restart: args.auto_restart.as_ref().map(ToString::to_string),
            cold_restart: args.cold_restart.as_ref().map(ToString::to_string),
            read_only_api: args.read_only_api.map(|answer| answer == YesNo::Yes),
        }
    }
}

/// Looks at all that a start needs.
///
/// # Errors
/// `Missing` when something is not installed, `Config` when something cannot be used.
pub fn look(
    args: &TwsArgs,
    java: Option<&Path>,
    mode: Mode,
    instance: &TwsInstance,
) -> Result<Installed> {
    let tws_dir = named(args.tws_dir.as_deref(), "--tws-dir", "IB Gateway", SOURCE)?;
    let ibc_dir = named(
        args.ibc_dir.as_deref(),
        "--ibc-dir",
        "IBC",
        "https://github.com/IbcAlpha/IBC/releases",
    )?;
    paths::takes_ibc(&ibc_dir)?;
    paths::takes_screen(&instance.path("screen"))?;
    let (version, is_tws) = version(&tws_dir, args.tws_version.as_deref(), java.is_some())?;
    for file in ["IBC.jar", "scripts/ibcstart.sh"] {
        is_there(
            &ibc_dir.join(file),
            "IBC",
            "unzip a release of IBC and give its directory",
        )?;
    }
    programs::find("Xvfb", "install xvfb")?;
    programs::find("bash", "IBC's script needs it")?;
    if args.vnc.is_some() {
        programs::find("x11vnc", "install x11vnc, or leave --vnc away")?;
    }
    let settings = args.settings_dir.clone();
    let settings = settings.unwrap_or_else(|| instance.path("settings"));
    let settings_dir = paths::settings(&settings)?;
    Ok(Installed {
        tws_dir,
        version,
        ibc_dir,
        settings_dir,
        java: java_folder(java)?,
        mode,
        is_tws,
    })
}

/// Makes the settings directory its owner's alone, and keeps it from other instances until the lock is dropped.
pub fn claim_settings(place: &Installed) -> Result<Lock> {
    let folder = &place.settings_dir;
    let shown = folder.display();
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .and_then(|()| fs::set_permissions(folder, fs::Permissions::from_mode(0o700)))
        .with_context(|| format!("making the settings directory {shown}"))
        .or_exit(Exit::Config)?;
    let state = StateDir::open(&StateArgs {
        state_dir: Some(folder.clone()),
    })?;
    let lock = state.lock(".ib-tools-lock", Deadline::after(Duration::ZERO));
    lock.map_err(|error| match error.exit {
        Exit::TimedOut => {
            let message = format!(
                "the settings directory {shown} is in use by another IB Gateway, and both would lose their logins at \
                 the next restart (give each its own --settings-dir)"
            );
            Error::new(Exit::Config, message)
        }
        _ => error,
    })
}

/// IBC wants the folder that `java` is in.
fn java_folder(java: Option<&Path>) -> Result<Option<PathBuf>> {
    let Some(java) = java else { return Ok(None) };
    is_there(
        java,
        "Java",
        "give --java PATH, or leave it away for the one that came with IB Gateway",
    )?;
    paths::of_java(java).map(Some)
}

fn named(folder: Option<&Path>, flag: &str, what: &str, source: &str) -> Result<PathBuf> {
    let folder = folder.ok_or_else(|| {
        let message =
            format!("where {what} is installed is not named (give {flag} DIR; it is at {source})");
        Error::new(Exit::Usage, message)
    })?;
    is_there(
        folder,
        what,
        &format!("install it from {source}, or give {flag}"),
    )?;
    std::path::absolute(folder)
        .with_context(|| format!("finding {what} in {}", folder.display()))
        .or_exit(Exit::Config)
}

/// The version to run, and whether it is TWS: IB Gateway's versions lie in a directory of their own.
fn version(tws_dir: &Path, named: Option<&str>, is_java_named: bool) -> Result<(String, bool)> {
    let gateways = tws_dir.join("ibgateway");
    let (versions, is_tws) = match versions_in(&gateways) {
        found if found.is_empty() => (versions_in(tws_dir), true),
        found => (found, false),
    };
    let chosen = match named {
        Some(name) => versions.into_iter().find(|version| version == name),
        None => versions.into_iter().max_by_key(|version| number(version)),
    };
    let Some(version) = chosen else {
        let missing = named.map_or_else(
            || "no version".to_owned(),
            |name| format!("no version {name}"),
        );
        let message = format!(
            "{} has {missing} of IB Gateway with its jars (install one from {SOURCE}, or give --tws-version)",
            tws_dir.display()
        );
        return Err(Error::new(Exit::Missing, message));
    };
    let program = if is_tws { "tws" } else { "ibgateway" };
    let folder = if is_tws { tws_dir } else { &gateways }.join(&version);
    paths::takes_program(&folder)?;
    is_there(
        &folder.join(format!("{program}.vmoptions")),
        "IB Gateway",
        "install it again, with its standalone installer",
    )?;
    program::starts_by_ibc_alone(&folder, program)?;
    if !is_java_named {
        program::has_java(&folder)?;
    }
    Ok((version, is_tws))
}

fn versions_in(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let has_jars = |path: PathBuf| {
        let jars = fs::read_dir(path.join("jars"))
            .into_iter()
            .flatten()
            .flatten();
        jars.map(|entry| entry.path())
            .any(|jar| jar.extension().is_some_and(|extension| extension == "jar"))
    };
    entries
        .filter(|entry| has_jars(entry.path()))
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect()
}

/// The numbers of a version in their order: `1045`, or `10.45.1j` as the images have it.
fn number(version: &str) -> Vec<u32> {
    let dotted: Vec<u32> = version
        .split(|letter: char| !letter.is_ascii_digit())
        .filter_map(|number| number.parse().ok())
        .collect();
    match dotted.as_slice() {
        [whole] if *whole >= 100 => vec![whole / 100, whole % 100],
        _ => dotted,
    }
}

fn is_there(path: &Path, what: &str, hint: &str) -> Result<()> {
    match path.exists() {
        true => Ok(()),
        false => {
            let message = format!(
                "{what} is not complete: {} is not there ({hint})",
                path.display()
            );
            Err(Error::new(Exit::Missing, message))
        }
    }
}
