//! The command that starts the Gateway.

use crate::cp::GatewayStart;
use crate::cp::distribution::Distribution;
use crate::cp::instance::GatewayInstance;
use crate::cp::java::Java;
use crate::service::programs;
use anyhow::Context;
use ib_cli::{Error, Exit, OrExit, Result};
use ib_proc::clean::Life;
use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

/// The Gateway's main class. It tells the Gateway's process from a shell above it.
pub(crate) const MAIN_CLASS: &str = "ibgroup.web.core.clientportal.gw.GatewayStart";

/// Options for a Java that runs one small proxy.
const LEAN: [&str; 8] = [
    "-Dvertx.disableDnsResolver=true",
    "-Djava.net.preferIPv4Stack=true",
    "-Dvertx.logger-delegate-factory-class-name=io.vertx.core.logging.SLF4JLogDelegateFactory",
    // One collector thread and one compiler: 1.5 s of CPU instead of 2.5, 92 MB instead of 115 (build a27ed42).
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-Xmx96m",
    "-Xss512k",
    // Otherwise Java writes to /tmp/hsperfdata_USER.
    "-XX:-UsePerfData",
];

/// What is to be run, and where.
pub(crate) struct Launch {
    pub(crate) program: PathBuf,
    pub(crate) arguments: Vec<OsString>,
    pub(crate) folder: PathBuf,
    /// Its PATH; `None` when it has ours.
    pub(crate) path: Option<OsString>,
    pub(crate) life: Life,
    /// Links to the Gateway, by name and target. Its own script wants them in its working directory.
    links: Vec<(&'static str, PathBuf)>,
}

impl Launch {
    /// Makes the command. Nothing is written yet.
    pub(crate) fn of(
        start: &GatewayStart,
        distribution: &Distribution,
        java: &Java,
        instance: &GatewayInstance,
    ) -> Result<Self> {
        let class_path = distribution.class_path(&instance.dir.path("conf"))?;
        let launch = if start.runs_script {
            by_script(distribution, java, instance)?
        } else {
            let options = LEAN
                .into_iter()
                .chain(start.java_options.iter().map(String::as_str));
            // The Gateway looks the file up as a resource, one directory up from the entries of its class path.
            let rest = [
                "-cp",
                &class_path,
                MAIN_CLASS,
                "--conf",
                "../conf/conf.yaml",
            ];
            Self {
                program: java.path.clone(),
                arguments: options.chain(rest).map(OsString::from).collect(),
                folder: instance.dir.path("run"),
                path: None,
                life: Life::Outlives,
                links: Vec::new(),
            }
        };
        let life = if start.foreground.is_some() {
            Life::EndsWithUs
        } else {
            Life::Outlives
        };
        Ok(Self { life, ..launch })
    }

    /// Makes its working directory.
    pub(crate) fn prepare(&self, instance: &GatewayInstance) -> Result<()> {
        instance.dir.create("run")?;
        for (name, target) in &self.links {
            let link = self.folder.join(name);
            // The link of an earlier start, if there is one.
            let _ = fs::remove_file(&link);
            symlink(target, &link)
                .with_context(|| format!("linking {} to the Gateway", link.display()))
                .or_exit(Exit::Config)?;
        }
        Ok(())
    }
}

/// The Gateway's own script, run in the instance's directory, which looks like the Gateway's to the script.
fn by_script(
    distribution: &Distribution,
    java: &Java,
    instance: &GatewayInstance,
) -> Result<Launch> {
    let script = distribution.path("bin/run.sh");
    if !script.is_file() {
        let message = format!(
            "{} is not there (start without --run-script)",
            script.display()
        );
        return Err(Error::new(Exit::Missing, message));
    }
    Ok(Launch {
        // Run by bash: Voyz/ibeam ships the script with mode 0644.
        program: programs::find("bash", "install it: the Gateway's script needs it")?,
        arguments: vec![script.into(), "conf/conf.yaml".into()],
        folder: instance.dir.path(""),
        path: Some(path_with(&java.path)?),
        life: Life::Outlives,
        links: ["dist", "build"]
            .map(|name| (name, distribution.path(name)))
            .into(),
    })
}

/// PATH with the folder of this Java in front: the script runs the first `java` in PATH.
fn path_with(java: &Path) -> Result<OsString> {
    let cannot = || {
        let message = format!(
            "run.sh runs java, and {} has another name or a colon in its path (start without --run-script)",
            java.display()
        );
        Error::new(Exit::Config, message)
    };
    let folder = java
        .parent()
        .filter(|_| java.ends_with("java"))
        .ok_or_else(cannot)?;
    let rest = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(folder.to_owned()).chain(std::env::split_paths(&rest));
    std::env::join_paths(folders).map_err(|_| cannot())
}
