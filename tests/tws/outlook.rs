//! What `--check` says is what a start does, whatever the settings are.

use super::runs::{gone, record};
use crate::support::{IbcLayout, Ran, TestPort, Tool};
use fastrand::Rng;
use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How many settings are tried, and for how long at most: a loaded machine tries fewer.
const MOST: u64 = 48;
const LONGEST: Duration = Duration::from_secs(60);

/// Everything that a start looks at, some of it spoilt.
struct Case {
    layout: IbcLayout,
    args: Vec<String>,
    variables: Vec<(&'static str, String)>,
    spoilt: Vec<&'static str>,
    _taken: Vec<TcpListener>,
    _reserved: Vec<TestPort>,
}

impl Case {
    fn of(rng: &mut Rng) -> Self {
        let mut case = Self {
            layout: IbcLayout::new(),
            args: Vec::new(),
            variables: Vec::new(),
            spoilt: Vec::new(),
            _taken: Vec::new(),
            _reserved: Vec::new(),
        };
        for (flag, folder) in [("--tws-dir", "Jts"), ("--ibc-dir", "ibc")] {
            let path = case.layout.path(folder);
            case.args.extend([flag.to_owned(), shown(&path)]);
        }
        let settings = case.layout.settings();
        case.args
            .extend(["--settings-dir".to_owned(), shown(&settings)]);
        // Of all that can be wrong, none, one or two are.
        for _ in 0..rng.u8(0..3) {
            let (name, spoil) = SPOILS[rng.usize(0..SPOILS.len())];
            if !case.spoilt.contains(&name) {
                case.spoilt.push(name);
                spoil(&mut case);
            }
        }
        case
    }

    fn tool(&self, way: &[&str]) -> Ran {
        let tool = self
            .layout
            .short()
            .args(["--command-port", &self.layout.command_port().to_string()])
            .args(&self.args)
            .args(way)
            .stdin(record("paper"));
        let set = |tool: Tool, (name, value): &(&str, String)| tool.env(name, value);
        self.variables.iter().fold(tool, set).run()
    }

    fn replace(&mut self, flag: &str, value: &Path) {
        let place = self.args.iter().position(|arg| arg == flag);
        self.args[place.expect("the flag is there") + 1] = shown(value);
    }

    fn remove(&self, below: &str) {
        // Something else may have taken it away already.
        let path = self.layout.path(below);
        let _ = fs::remove_file(&path).or_else(|_| fs::remove_dir_all(&path));
    }

    fn flag(&mut self, flag: &str, value: impl ToString) {
        self.args.extend([flag.to_owned(), value.to_string()]);
    }

    /// A PATH without one program.
    fn hide(&mut self, program: &str) {
        let folder = self.layout.path("bin");
        fs::create_dir_all(&folder).expect("a folder can be made");
        let path = std::env::var_os("PATH").expect("PATH is set");
        for name in ["Xvfb", "bash", "x11vnc", "sh", "cat", "env"] {
            let found = std::env::split_paths(&path).map(|folder| folder.join(name));
            let found = found.into_iter().find(|path| path.exists());
            if let Some(found) = found.filter(|_| name != program) {
                // It is there when another program was hidden before.
                let _ = symlink(found, folder.join(name));
            } else {
                let _ = fs::remove_file(folder.join(name));
            }
        }
        self.variables.retain(|(name, _)| *name != "PATH");
        self.variables.push(("PATH", shown(&folder)));
    }

    fn take(&mut self, port: u16) {
        let taken = TcpListener::bind(("127.0.0.1", port));
        self._taken.extend(taken.ok());
    }
}

fn shown(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

type Spoil = fn(&mut Case);

const SPOILS: [(&str, Spoil); 22] = [
    ("no folder of programs", |case| case.remove("Jts")),
    ("no version", |case| case.remove("Jts/ibgateway/1045")),
    ("no jars", |case| case.remove("Jts/ibgateway/1045/jars")),
    ("another version", |case| case.flag("--tws-version", "9999")),
    ("no options of Java", |case| {
        case.remove("Jts/ibgateway/1045/ibgateway.vmoptions");
    }),
    ("no Java", |case| case.remove("Jts/jre")),
    ("a Java that is not there", |case| {
        case.flag("--java", "/nowhere/java");
    }),
    ("a Java of another name", |case| {
        case.flag("--java", "/bin/true")
    }),
    ("no folder of IBC", |case| case.remove("ibc")),
    ("no jar of IBC", |case| case.remove("ibc/IBC.jar")),
    ("no script of IBC", |case| {
        case.remove("ibc/scripts/ibcstart.sh")
    }),
    ("a blank in the programs' path", |case| {
        let odd: PathBuf = case.layout.path("J t s");
        symlink(case.layout.path("Jts"), &odd).expect("a link can be made");
        case.replace("--tws-dir", &odd);
    }),
    ("a blank in the settings' path", |case| {
        let odd = case.layout.path("set tings");
        case.replace("--settings-dir", &odd);
    }),
    ("settings that are a file", |case| {
        let file = case.layout.path("file");
        fs::write(&file, "").expect("a file can be written");
        case.replace("--settings-dir", &file);
    }),
    ("no Xvfb", |case| case.hide("Xvfb")),
    ("no bash", |case| case.hide("bash")),
    ("the API's port taken", |case| {
        case.take(case.layout.api_port())
    }),
    ("the commands' port taken", |case| {
        case.take(case.layout.command_port());
    }),
    ("one port twice", |case| {
        case.flag("--forward", case.layout.api_port());
    }),
    ("an address of another machine", |case| {
        case.flag("--forward", "203.0.113.7:4003");
    }),
    ("two modes", |case| {
        case.flag("--mode", "paper");
        case.variables.push(("TRADING_MODE", "live".to_owned()));
    }),
    ("no password of VNC", |case| {
        let port = TestPort::reserve();
        case.flag("--vnc", port.number);
        case.flag("--vnc-password", "file:/nowhere/password");
        case._reserved.push(port);
    }),
];

#[test]
fn check_and_start_agree() {
    let began = Instant::now();
    let (mut refused, mut started) = (0, 0);
    for seed in 0..MOST {
        if began.elapsed() > LONGEST {
            break;
        }
        let case = Case::of(&mut Rng::with_seed(seed));
        let (check, start) = (case.tool(&["--check"]), case.tool(&[]));
        let about = format!(
            "seed {seed}, {:?}: {}{}",
            case.spoilt,
            check.all(),
            start.all()
        );
        assert_eq!(check.status, start.status, "{about}");
        if check.status == 0 {
            assert!(case.spoilt.is_empty(), "{about}");
            started += 1;
            case.tool(&["--stop"]).exits(0);
            gone(&case.layout);
            continue;
        }
        refused += 1;
        assert_eq!(
            check.error()["message"],
            start.error()["message"],
            "{about}"
        );
        assert!(case.layout.played().is_empty(), "{about}");
        assert!(!case.layout.state().join("ledger").exists(), "{about}");
    }
    assert!(
        refused > 0 && started > 0,
        "{refused} refused, {started} started"
    );
}
