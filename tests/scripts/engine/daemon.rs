//! A container engine of the test's own, and the images that it is given.

use crate::scripts::network::{Network, STANDIN};
use crate::scripts::{script, text};
use crate::start::place::Place;
use crate::support::{Ran, as_root, binary, debian, slowly, wants_root};
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

/// An engine of the test's own, and a stand-in in its network, which is that of its containers.
pub(crate) struct Engine {
    daemon: Child,
    folder: TempDir,
    pub network: Network,
    standin: Option<Child>,
}

impl Engine {
    pub(crate) fn begin() -> Self {
        wants_root();
        let folder = TempDir::new().expect("a temporary folder can be made");
        let below = |name: &str| folder.path().join(name).display().to_string();
        // In a network of its own: --bridge=none would take docker0 away from an engine that is in use. What it mounts
        // is gone with it.
        let mut daemon = as_root("unshare");
        let alone = "ip link set lo up && exec dockerd \"$@\"";
        daemon.args(["--net", "--mount", "sh", "-c", alone, "dockerd"]);
        daemon.args(["--host", &format!("unix://{}", below("socket"))]);
        daemon.args(["--data-root", &below("data"), "--exec-root", &below("exec")]);
        daemon.args([
            "--pidfile",
            &below("pid"),
            "--bridge=none",
            "--iptables=false",
        ]);
        daemon.args(["--ip6tables=false", "--ip-forward=false"]);
        // Its programs are where only root looks for them.
        let path = std::env::var("PATH").expect("PATH is set") + ":/usr/sbin:/sbin";
        let streams = daemon
            .env("PATH", path)
            .stdin(Stdio::null())
            .stdout(Stdio::null());
        let daemon = streams.stderr(Stdio::null()).spawn();
        let daemon = daemon.expect("dockerd runs (scripts/setup installs it)");
        let mut engine = Self {
            daemon,
            folder,
            network: Network(0),
            standin: None,
        };
        slowly("the engine", || {
            let ended = engine.daemon.try_wait().expect("it is ours");
            assert!(ended.is_none(), "dockerd: {ended:?}");
            (engine.docker(["version"]).status == 0).then_some(())
        });
        engine.network = Network(engine.pid().expect("it has a number"));
        let [standin, arguments @ ..] = STANDIN;
        let mut standin = engine
            .network
            .command(&binary(standin).display().to_string());
        standin
            .args(arguments)
            .arg("--until-eof")
            .stdin(Stdio::piped());
        let standin = standin.stdout(Stdio::null()).spawn();
        engine.standin = Some(standin.expect("ib-standin starts"));
        engine
    }

    /// The daemon's own number: it may have sudo before it.
    fn pid(&self) -> Option<u32> {
        let file = self.folder.path().join("pid");
        fs::read_to_string(file).ok()?.trim().parse().ok()
    }

    fn command<'a>(&self, arguments: impl IntoIterator<Item = &'a str>) -> Command {
        let mut command = as_root("env");
        // Not every client has BuildKit. Every client has the older builder.
        command.args(["DOCKER_BUILDKIT=0", "docker", "--host"]);
        command.arg(format!(
            "unix://{}",
            self.folder.path().join("socket").display()
        ));
        command.args(arguments);
        command
    }

    pub(crate) fn docker<'a>(&self, arguments: impl IntoIterator<Item = &'a str>) -> Ran {
        let mut command = self.command(arguments);
        let output = command.stdin(Stdio::null()).output().expect("docker runs");
        Ran::from_output(format!("{command:?}"), output)
    }

    /// Makes an image of a folder with a Dockerfile in it. Nothing is fetched for it.
    #[track_caller]
    fn build(&self, name: &str, folder: &Path) {
        let folder = folder.to_str().expect("a path is UTF-8");
        self.docker(["build", "--quiet", "--network=none", "--tag", name, folder])
            .exits(0);
    }

    /// Debian's own image, as far as our Dockerfiles want it: with the packages already there that they install.
    pub(crate) fn bring_debian(&self) {
        let mut packed = as_root("tar");
        packed
            .args(["--create", "--one-file-system", "--exclude=./usr/share/doc"])
            // The largest of them all draws on graphics cards.
            .args(["--exclude=libLLVM*", "--directory"])
            .arg(debian());
        let mut packed = packed
            .arg(".")
            .stdout(Stdio::piped())
            .spawn()
            .expect("tar runs");
        let mut import = self.command(["import", "-", "debian-with-packages"]);
        import
            .stdin(packed.stdout.take().expect("a pipe"))
            .stdout(Stdio::null());
        assert!(import.status().expect("docker runs").success());
        assert!(packed.wait().expect("it ends").success());
        let folder = TempDir::new().expect("a temporary folder can be made");
        let apt = "#!/bin/sh\n[ \"$1\" = install ] || exit 0\nshift\nfor word; do case $word in -*) ;; \
                   *) dpkg-query --show \"$word\" || exit 100 ;; esac; done\n";
        program(&folder.path().join("apt-get"), apt);
        let dockerfile = "FROM debian-with-packages\nCOPY apt-get /usr/local/sbin/\n";
        fs::write(folder.path().join("Dockerfile"), dockerfile).expect("a file can be written");
        self.build("debian:bookworm-slim", folder.path());
    }

    /// The image of our Dockerfile, from a folder that is made as its head says, with a Gateway that is the stand-in's.
    pub(crate) fn bring_image(&self, place: &Place) {
        let folder = TempDir::new().expect("a temporary folder can be made");
        let bin = folder.path().join("bin");
        fs::create_dir(&bin).expect("a folder can be made");
        for (name, from) in [
            ("ibgw-start", "ibgw-start"),
            ("ibgw-secret", "ibgw-secret"),
            ("ibgw-login", "ibgw-login"),
            ("ibgw-tickle", "ibgw-tickle"),
            ("java", "ib-standin"),
        ] {
            // Stripped programs make a smaller image.
            let mut strip = Command::new("strip");
            strip.arg("-o").arg(bin.join(name)).arg(binary(from));
            assert!(strip.status().expect("strip runs").success());
        }
        for name in ["ibgw-supervise", "docker/on-a-volume"] {
            let file = Path::new(name).file_name().expect("a name");
            program(&bin.join(file), &text(name));
        }
        let mut zip = Command::new("python3");
        zip.args(["-m", "zipfile", "-c"])
            .arg(folder.path().join("clientportal.gw.zip"));
        zip.args(["bin", "root", "dist", "build"])
            .current_dir(place.path("gw"));
        assert!(zip.status().expect("python3 runs").success());
        fs::copy(
            script("docker/Dockerfile"),
            folder.path().join("Dockerfile"),
        )
        .expect("a copy");
        self.build("ib-gateway", folder.path());
    }

    /// Runs it to its end.
    pub(crate) fn run<'a>(&self, arguments: impl IntoIterator<Item = &'a str>) -> Ran {
        self.docker(["run", "--rm"].into_iter().chain(arguments))
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        let all = self.docker(["ps", "--all", "--quiet"]).stdout;
        let all = all.lines();
        self.docker(["rm", "--force"].into_iter().chain(all));
        if let Some(pid) = self.pid() {
            let _ = as_root("kill").arg(pid.to_string()).status();
        }
        let _ = self.daemon.wait();
        if let Some(standin) = &mut self.standin {
            drop(standin.stdin.take());
            let _ = standin.wait();
        }
        let _ = as_root("rm").arg("-rf").arg(self.folder.path()).status();
    }
}

fn program(path: &Path, text: &str) {
    fs::write(path, text).expect("a file can be written");
    fs::set_permissions(path, Permissions::from_mode(0o755)).expect("a mode");
}
