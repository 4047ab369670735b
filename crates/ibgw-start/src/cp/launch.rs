//! What is run to bring a gateway up, once everything it needs is there.

use crate::StartArgs;
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

/// The Gateway's main class, by which its process is told from a shell above it.
pub const MAIN_CLASS: &str = "ibgroup.web.core.clientportal.gw.GatewayStart";

/// Options for a Java that runs one small proxy.
const LEAN: [&str; 8] = [
    "-Dvertx.disableDnsResolver=true",
    "-Djava.net.preferIPv4Stack=true",
    "-Dvertx.logger-delegate-factory-class-name=io.vertx.core.logging.SLF4JLogDelegateFactory",
    // One collector thread and one compiler: 1.5 s of CPU in place of 2.5, 92 MB in place of 115 (build a27ed42).
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-Xmx96m",
    "-Xss512k",
    // Or it writes to /tmp/hsperfdata_USER.
    "-XX:-UsePerfData",
];

/// What is to be run, and where.
pub struct Launch {
    pub program: PathBuf,
    pub arguments: Vec<OsString>,
    pub folder: PathBuf,
    /// PATH for it; `None` leaves ours.
    pub path: Option<OsString>,
    pub life: Life,
    /// Links to the Gateway that its own script wants beside its working directory: name and target.
    links: Vec<(&'static str, PathBuf)>,
}

impl Launch {
    /// Finds what is to be run; nothing is written.
    pub fn of(
        args: &StartArgs,
        distribution: &Distribution,
        java: &Java,
        instance: &GatewayInstance,
    ) -> Result<Self> {
        let class_path = distribution.class_path(&instance.path("conf"))?;
        let launch = if args.run_script {
            by_script(distribution, java, instance)?
        } else {
            let options = LEAN
                .into_iter()
                .chain(args.java_options.iter().map(String::as_str));
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
                folder: instance.path("run"),
                path: None,
                life: Life::Outlives,
                links: Vec::new(),
            }
        };
        let life = if args.foreground {
            Life::EndsWithUs
        } else {
            Life::Outlives
        };
        Ok(Self { life, ..launch })
    }

    /// Makes its working directory.
    pub fn prepare(&self, instance: &GatewayInstance) -> Result<()> {
        instance.create("run")?;
        for (name, target) in &self.links {
            let link = self.folder.join(name);
            // One that is not there need not be removed.
            let _ = fs::remove_file(&link);
            symlink(target, &link)
                .with_context(|| format!("linking {} to the Gateway", link.display()))
                .or_exit(Exit::Config)?;
        }
        Ok(())
    }
}

/// The Gateway's own script, in a directory that looks to it like the Gateway's and is the instance's.
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
        // Not by itself: Voyz/ibeam ships it with mode 0644.
        program: programs::find("bash", "install it: the Gateway's script needs it")?,
        arguments: vec![script.into(), "conf/conf.yaml".into()],
        folder: instance.path(""),
        path: Some(path_with(&java.path)?),
        life: Life::Outlives,
        links: ["dist", "build"]
            .map(|name| (name, distribution.path(name)))
            .into(),
    })
}

/// PATH with the folder of this Java in front: the script runs the first `java` there.
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
