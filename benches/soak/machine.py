"""A small machine: the stand-in plays IBKR at one end of a cable, and at the other end are the Gateway and the
supervisor. All of it is real, except for IBKR."""
import contextlib, json, os, pathlib, re, shutil, signal, subprocess, threading, time, urllib.request

SCRIPTS = pathlib.Path(__file__).resolve().parents[2] / "scripts"
TICK = 1  # seconds, for the minute that a user has
MAX_AGE = 5  # seconds, for the three minutes
CABLE = ("10.99.0.1", "10.99.0.2")  # no other program is in this namespace
PORT, RELAY = 5000, 8080
DAY = 86_400
# The paths that a login and a tickle use at IBKR.
PATHS = ("/v1/api/tickle", "/v1/api/sso/validate", "/v1/api/iserver/auth/status", "/v1/api/iserver/auth/ssodh/init",
         "/sso/Login", "/sso/Authenticator")


class Machine:
    def __init__(self, programs, folder, gateway):
        self.programs, self.folder, self.gateway_dir = programs, folder, gateway
        self.state, self.report, self.clock = folder / "state", folder / "state/tickle.json", folder / "clock"
        self.began, self.offset, self.events, self.lines = time.time(), 0, [], []
        self.breaks, self.holders = [], []  # when the session could not be reached: [from, until, why]
        self.make_disk()
        self.make_network()
        self.play_ibkr()
        self.settle()
        self.set_clock(0)

    # -- its parts

    def make_disk(self):
        """A state directory that can be filled up."""
        self.state.mkdir(mode=0o700)
        run("mount", "-t", "tmpfs", "-o", "size=8m,mode=700", "tmpfs", self.state)

    def make_network(self):
        """A namespace for the Gateway and the tools, on a cable that can be cut."""
        holder = subprocess.Popen(["unshare", "--net", "sleep", "infinity"])
        self.holders.append(holder)
        self.inside = ["nsenter", f"--net=/proc/{holder.pid}/ns/net", "--"]
        own = os.readlink("/proc/self/ns/net")
        until("the other namespace", lambda: os.readlink(f"/proc/{holder.pid}/ns/net") != own)
        run("ip", "link", "set", "lo", "up")
        run("ip", "link", "add", "ibkr", "type", "veth", "peer", "name", "cable", "netns", str(holder.pid))
        run("ip", "address", "add", f"{CABLE[0]}/30", "dev", "ibkr")
        run("ip", "link", "set", "ibkr", "up")
        for words in (("link", "set", "lo", "up"), ("address", "add", f"{CABLE[1]}/30", "dev", "cable"),
                      ("link", "set", "cable", "up")):
            run(*self.inside, "ip", *words)

    def play_ibkr(self):
        self.standin = subprocess.Popen([self.programs / "ib-standin", "upstream"], stdout=subprocess.PIPE, text=True)
        about = json.loads(self.standin.stdout.readline())
        self.control = about["control"]
        address = about["upstream"].removeprefix("http://")
        listen = f"TCP-LISTEN:{RELAY},bind={CABLE[0]},fork,reuseaddr"
        self.holders.append(subprocess.Popen(["socat", listen, f"TCP:{address}"]))

    def settle(self):
        """What you would set up: a Gateway, a login, the settings."""
        login, upstream = self.folder / "login", f"http://{CABLE[0]}:{RELAY}"
        login.mkdir(mode=0o700)
        for name, value in (("username", "paperuser"), ("password", "Correct-Horse3")):
            (login / name).touch(mode=0o600)
            (login / name).write_text(value)
        run(self.programs / "ib-standin", "layout", self.folder / "gw", "--upstream", upstream)
        java = {"IBGW_JAVA": str(self.folder / "gw/jre/bin/java")}
        if self.gateway_dir:
            # Another Gateway in its place, with its own settings and keystore, which point to the stand-in.
            conf = self.folder / "conf.yaml"
            settings = (self.gateway_dir / "root/conf.yaml").read_text()
            for key, value in (("proxyRemoteHost", f'"{upstream}"'), ("proxyRemoteSsl", "false")):
                settings = re.sub(f"(?m)^{key}:.*$", f"{key}: {value}", settings)
            conf.write_text(settings)
            java = {"IBGW_CONF": str(conf)}
        self.environment = java | {
            "PATH": f"{self.programs}:{SCRIPTS}:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": str(self.folder), "LC_ALL": "C",
            "IBGW_GATEWAY_DIR": str(self.gateway_dir or self.folder / "gw"), "IBGW_STATE_DIR": str(self.state),
            "IBGW_URL": f"https://localhost:{PORT}", "IBGW_LOGIN_LOGIN": f"cmd:ibgw-secret --dir {login}",
            "IBGW_TICKLE_WRITE": str(self.report), "IBGW_TICKLE_TIMEOUT": "1s", "IBGW_TICKLE_MAX_AGE": f"{MAX_AGE}s",
            "IBGW_LOGIN_TIMEOUT": "20s",
            # The stand-in's Gateway makes its own tickle, twice a minute as the real one does.
            "IB_STANDIN_TICKLE_MS": str(int(TICK * 500)),
            "IBGW_BRING_UP": os.environ.get("IBGW_BRING_UP", "brokerage")}
        # A clock that jumps: each process reads the offset once, at its start. After that its clock runs as usual.
        self.clocked = self.environment | {
            "LD_PRELOAD": next(map(str, pathlib.Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))),
            "NO_FAKE_STAT": "1", "FAKETIME_CACHE_DURATION": "999999", "FAKETIME_TIMESTAMP_FILE": str(self.clock)}

    # -- what runs on it

    def run_tool(self, *command, **options):
        """Runs a tool as another program on the machine would."""
        return subprocess.run([*self.inside, *command], env=self.clocked, capture_output=True, text=True, **options)

    def begin(self):
        """Starts the supervisor, as a container's engine does."""
        self.keeper = subprocess.Popen([*self.inside, "ibgw-supervise", "-i", str(TICK)], env=self.clocked, text=True,
                                       stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        threading.Thread(target=self.listen, args=[self.keeper.stdout], daemon=True).start()

    def listen(self, stdout):
        for line in stdout:
            said = line.rstrip().split(" ", 1)[-1]
            self.lines.append((time.time(), said))
            self.note("said", said)
            # "gateway started, pid 5" or "gateway is up already, pid 5", with warnings for another Gateway's settings
            if found := re.match(r"gateway .*, pid (\d+)", said):
                self.gateway_pid = int(found[1])

    def end(self):
        """Ends all of it. Returns the exit of the supervisor, and the processes that it left."""
        self.keeper.terminate()
        code = self.keeper.wait(timeout=60)
        time.sleep(TICK)
        for process in [self.standin, *self.holders]:
            process.kill()
            process.wait()
        time.sleep(TICK / 2)
        return code, orphans()

    def unmount(self):
        subprocess.run(["umount", "--lazy", self.state])

    # -- what happens to it

    def note(self, kind, text):
        self.events.append((time.time(), kind, text))

    def ask(self, method, path, body=None):
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(self.control + path, data, {"Content-Type": "application/json"}, method=method)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def truth(self):
        return self.ask("GET", "/state")

    def do(self, deed, **with_what):
        return self.ask("POST", f"/do/{deed}", with_what)

    def is_ready(self):
        """The session's own truth, whether or not there is a way to it."""
        truth = self.truth()
        return all(truth[flag] for flag in ("authenticated", "connected", "established")) and not truth["competing"]

    @contextlib.contextmanager
    def broken(self, why):
        """While this lasts the session cannot be reached."""
        self.breaks.append([time.time(), None, why])
        try:
            yield
        finally:
            self.breaks[-1][1] = time.time()

    @contextlib.contextmanager
    def answering(self, **answer):
        """IBKR gives this answer to everything."""
        self.ask("POST", "/set", {"answers": [{"part": "upstream", "path": path, **answer} for path in PATHS]})
        with self.broken(str(answer)):
            yield
        self.ask("DELETE", "/answers")

    def ticks(self, count):
        time.sleep(count * TICK)

    def gateway(self):
        with contextlib.suppress(OSError, ValueError):
            return json.loads((self.state / f"gateway/cp-{PORT}/record.json").read_text())["pid"]
        return None

    def signal_gateway(self, name):
        pid = until("the Gateway", self.gateway)
        os.kill(pid, getattr(signal, name))
        return pid

    def children(self, name):
        """The supervisor's own children that run a program."""
        listed = pathlib.Path(f"/proc/{self.keeper.pid}/task/{self.keeper.pid}/children")
        with contextlib.suppress(OSError):
            pids = [int(pid) for pid in listed.read_text().split()]
            return [pid for pid in pids if pathlib.Path(f"/proc/{pid}/comm").read_text().strip() == name]
        return []

    def cut(self, is_cut):
        run("ip", "link", "set", "ibkr", "down" if is_cut else "up")

    def set_clock(self, seconds):
        """Moves the clock of every process that starts after this. A process that runs keeps its own."""
        self.offset += seconds
        draft = self.folder / "clock.new"
        draft.write_text(f"{self.offset:+d}\n")
        draft.replace(self.clock)

    @contextlib.contextmanager
    def full_disk(self):
        """The state directory has no room for one byte more."""
        filler = self.state / "filler"
        with open(filler, "wb", buffering=0) as file, contextlib.suppress(OSError):
            while file.write(b"\0" * 4096):
                pass
        yield
        filler.unlink()

    def lose_state(self):
        for entry in self.state.iterdir():
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()

    # -- what it measures

    def measure(self):
        """What must not grow: the descriptors and memory of the supervisor, and the disk."""
        process = pathlib.Path(f"/proc/{self.keeper.pid}")
        memory = next(line for line in (process / "status").read_text().splitlines() if line.startswith("VmRSS"))
        # While it sleeps, it has no descriptor open that it needs only for a moment.
        until("its sleep", lambda: self.children("sleep"))
        descriptors = len(list((process / "fd").iterdir()))
        disk = sum(path.stat().st_size for path in self.state.rglob("*") if path.is_file())
        return {"descriptors": descriptors, "memory": int(memory.split()[1]), "disk": disk}


def run(*command):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"soak: {' '.join(map(str, command))}: {done.stderr.strip()}")
    return done.stdout


def until(what, look, limit=30):
    """Waits for something that another process does."""
    end = time.time() + limit
    while time.time() < end:
        with contextlib.suppress(OSError):
            if found := look():
                return found
        time.sleep(0.02)
    raise SystemExit(f"soak: not seen in {limit} s: {what}")


def orphans():
    """The processes in this namespace, except for the first one and this program."""
    left = []
    for pid in (int(path.name) for path in pathlib.Path("/proc").iterdir() if path.name.isdigit()):
        if pid not in (1, os.getpid()):
            with contextlib.suppress(OSError):
                left.append(pathlib.Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode() or str(pid))
    return left
