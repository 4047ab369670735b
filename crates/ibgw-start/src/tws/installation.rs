//! Where IB Gateway, IBC and their settings are. All is checked before anything is started.

use crate::service::programs;
use crate::tws::agreement::whole;
use crate::tws::ibc_values::YesNo;
use crate::tws::instance::TwsInstance;
use crate::tws::paths;
use crate::tws::program;
use crate::tws::request::TwsRequest;
use anyhow::Context;
use ib_cli::{Error, Exit, Lock, Mode, OrExit, Result, StateArgs, StateDir};
use ib_proc::Deadline;
use ib_tws::{CourseSetup, IbcPaths};
use std::fs::{self, DirBuilder};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Where IBKR offers versions that can be used. The others do not have a directory for each version.
const SOURCE: &str =
    "https://www.interactivebrokers.com/en/trading/ibgateway-stable.php, the standalone one";

/// The programs and directories of a start.
pub(crate) struct Installation {
    tws_dir: PathBuf,
    pub(crate) version: String,
    ibc_dir: PathBuf,
    pub(crate) settings_dir: PathBuf,
    /// The folder of the Java that was named.
    java: Option<PathBuf>,
    pub(crate) mode: Mode,
    is_tws: bool,
}

impl Installation {
    /// The same paths for IBC's launcher.
    pub(crate) fn paths(&self) -> IbcPaths<'_> {
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

    /// Whether it is TWS; otherwise it is IB Gateway.
    pub(crate) fn is_tws(&self) -> bool {
        self.is_tws
    }

    /// How IB Gateway is set up, for later runs, which may ask for something else.
    pub(crate) fn setup(&self, request: &TwsRequest) -> CourseSetup {
        CourseSetup {
            tws_dir: whole(&self.tws_dir),
            version: self.version.clone(),
            ibc_dir: whole(&self.ibc_dir),
            settings_dir: whole(&self.settings_dir),
            forward: request.forward,
            vnc: request.vnc.as_ref().map(|vnc| vnc.address),
            vnc_control: request.may_control(),
            auto_restart: request.auto_restart.as_ref().map(ToString::to_string),
            cold_restart: request.cold_restart.as_ref().map(ToString::to_string),
            read_only_api: request.read_only_api.map(|answer| answer == YesNo::Yes),
        }
    }
}

/// Finds all that a start needs.
///
/// # Errors
/// `Missing` when something is not installed, `Config` when something cannot be used.
pub(crate) fn find(
    request: &TwsRequest,
    mode: Mode,
    instance: &TwsInstance,
) -> Result<Installation> {
    let tws_dir = named(
        request.tws_dir.as_deref(),
        "--tws-dir",
        "IB Gateway",
        SOURCE,
    )?;
    let ibc_dir = named(
        request.ibc_dir.as_deref(),
        "--ibc-dir",
        "IBC",
        "https://github.com/IbcAlpha/IBC/releases",
    )?;
    let java = request.java.as_deref();
    paths::check_ibc_folder(&ibc_dir)?;
    paths::check_screen_folder(&instance.dir.path("screen"))?;
    let (version, is_tws) = version(&tws_dir, request.tws_version.as_deref(), java.is_some())?;
    for file in ["IBC.jar", "scripts/ibcstart.sh"] {
        require(
            &ibc_dir.join(file),
            "IBC",
            "unzip a release of IBC and give its directory",
        )?;
    }
    programs::find("Xvfb", "install xvfb")?;
    programs::find("bash", "IBC's script needs it")?;
    if request.vnc.is_some() {
        programs::find("x11vnc", "install x11vnc, or leave out --vnc")?;
    }
    let settings = request.settings_dir.clone();
    let settings = settings.unwrap_or_else(|| instance.dir.path("settings"));
    let settings_dir = paths::settings(&settings)?;
    Ok(Installation {
        tws_dir,
        version,
        ibc_dir,
        settings_dir,
        java: java_folder(java)?,
        mode,
        is_tws,
    })
}

/// Makes the settings directory private, and keeps other instances out of it until the lock is dropped.
pub(crate) fn claim_settings(installation: &Installation) -> Result<Lock> {
    let folder = &installation.settings_dir;
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
    lock.map_err(|error| {
        if error.exit != Exit::TimedOut {
            return error;
        }
        let message = format!(
            "the settings directory {shown} is in use by another IB Gateway, and both would lose their logins at \
             the next restart (give each its own --settings-dir)"
        );
        Error::new(Exit::Config, message)
    })
}

/// The folder of the named Java, which is what IBC wants.
fn java_folder(java: Option<&Path>) -> Result<Option<PathBuf>> {
    let Some(java) = java else { return Ok(None) };
    require(
        java,
        "Java",
        "give --java PATH, or leave it out for the one that came with IB Gateway",
    )?;
    paths::java_folder(java).map(Some)
}

fn named(folder: Option<&Path>, flag: &str, what: &str, source: &str) -> Result<PathBuf> {
    let folder = folder.ok_or_else(|| {
        let message =
            format!("where {what} is installed is not named (give {flag} DIR; it is at {source})");
        Error::new(Exit::Usage, message)
    })?;
    require(
        folder,
        what,
        &format!("install it from {source}, or give {flag}"),
    )?;
    std::path::absolute(folder)
        .with_context(|| format!("finding {what} in {}", folder.display()))
        .or_exit(Exit::Config)
}

/// The version to run, and whether it is TWS. IB Gateway's versions have a directory of their own.
fn version(tws_dir: &Path, named: Option<&str>, is_java_named: bool) -> Result<(String, bool)> {
    let gateways = tws_dir.join("ibgateway");
    let found = versions_in(&gateways);
    let is_tws = found.is_empty();
    let versions = if is_tws { versions_in(tws_dir) } else { found };
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
    paths::check_program_folder(&folder)?;
    require(
        &folder.join(format!("{program}.vmoptions")),
        "IB Gateway",
        "install it again, with its standalone installer",
    )?;
    program::require_start_by_ibc(&folder, program)?;
    if !is_java_named {
        program::require_java(&folder)?;
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

/// The numbers of a version, for sorting: `1045`, or `10.45.1j` as in the images.
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

/// Refuses a path that does not exist.
fn require(path: &Path, what: &str, hint: &str) -> Result<()> {
    if path.exists() {
        return Ok(());
    }
    let message = format!(
        "{what} is not complete: {} is not there ({hint})",
        path.display()
    );
    Err(Error::new(Exit::Missing, message))
}
