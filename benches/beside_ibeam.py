"""Plays to ibgw-supervise the scenarios that IBeam was measured with, 215 s of each, and prints both side by side.

beside_ibeam.py PROGRAMS: the folder of the built tools. Each scenario has its own stand-in, Gateway and supervisor,
with one tickle a minute, the default of both. All run at the same time. Writes beside_ibeam.md beside this file.

IBeam's column was measured with 0.5.12, on a comparable stand-in. This script does not run IBeam.
"""
import datetime, json, os, pathlib, socket, subprocess, sys, tempfile, threading, time, urllib.request

PROGRAMS, HERE = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(__file__).resolve().parent
SECONDS, APPROVED_AFTER = 215, 30


class Play:
    def __init__(self, folder, user="paperuser", password="Correct-Horse3", **settings):
        self.lines, self.folder = [], folder
        self.standin = subprocess.Popen([PROGRAMS / "ib-standin", "upstream"], stdout=subprocess.PIPE, text=True)
        about = json.loads(self.standin.stdout.readline())
        self.control = about["control"]
        layout = [PROGRAMS / "ib-standin", "layout", folder / "gw", "--upstream", about["upstream"]]
        subprocess.run(layout, check=True)
        login = folder / "login"
        login.mkdir(mode=0o700)
        for name, value in (("username", user), ("password", password)):
            (login / name).touch(mode=0o600)
            (login / name).write_text(value)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.environment = {
            "PATH": f"{PROGRAMS}:{HERE.parent / 'scripts'}:/usr/bin:/bin", "HOME": str(folder),
            "IBGW_STATE_DIR": str(folder / "state"), "IBGW_GATEWAY_DIR": str(folder / "gw"),
            "IBGW_JAVA": str(folder / "gw/jre/bin/java"), "IBGW_URL": f"https://localhost:{port}",
            "IBGW_LOGIN_LOGIN": f"cmd:ibgw-secret --dir {login}"} | settings

    def begin(self):
        self.began = time.monotonic()
        self.keeper = subprocess.Popen(["ibgw-supervise"], env=self.environment, text=True, stdout=subprocess.PIPE)
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        for line in self.keeper.stdout:
            self.lines.append((time.monotonic(), line.rstrip().split(" ", 1)[1]))

    def until(self, beginning, limit=120):
        end = time.monotonic() + limit
        while time.monotonic() < end:
            if found := [at for at, line in self.lines if line.startswith(beginning)]:
                return found[-1]
            time.sleep(0.02)
        raise SystemExit(f"beside_ibeam: {beginning!r} was not said: {self.lines}")

    def ask(self, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.control + path, data, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def count(self, beginning):
        return sum(line.startswith(beginning) for _, line in self.lines)

    def rest(self):
        time.sleep(max(0, self.began + SECONDS - time.monotonic()))

    def end(self):
        self.keeper.terminate()
        self.keeper.wait()
        self.standin.kill()
        self.standin.wait()


def upstream(status):
    """IBKR answers with this status from the moment that the session is ready."""
    def play(folder):
        it = Play(folder)
        it.begin()
        it.until("ready")
        it.ask("/set", {"answers": [{"part": "upstream", "path": "/v1/api/tickle", "status": status}]})
        before = it.ask("/state")["submissions"]
        it.rest()
        logins, starts = it.ask("/state")["submissions"] - before, it.count("gateway started") - 1
        it.end()
        return f"{logins} logins, {starts} Gateway restarts"
    return play


def push(folder):
    it = Play(folder, "choiceuser", "Correct-Horse4", IBGW_MODE="live", IBGW_METHOD="direct",
              IBGW_LOGIN_SECOND_FACTOR="push")
    it.begin()
    while it.ask("/state")["pushes"] == 0:
        time.sleep(0.05)
    time.sleep(APPROVED_AFTER)
    it.ask("/do/approve-push", {})
    approved, ready = time.monotonic(), it.until("ready")
    it.rest()
    truth = it.ask("/state")
    it.end()
    return f"{truth['pushes']} push, in {ready - approved:.2f} s after it was approved"


def competing(folder):
    it = Play(folder)
    it.begin()
    it.until("ready")
    it.ask("/do/compete", {})
    it.until("lost: exit 10")
    it.rest()
    logins, starts = it.ask("/state")["submissions"] - 1, it.count("gateway started") - 1
    it.end()
    return f"exit 10 is reported; {logins} logins, {starts} Gateway restarts"


def opens_on_init(folder):
    """The login stays valid, and only ssodh/init opens the brokerage session."""
    it = Play(folder)
    it.begin()
    it.until("ready")
    it.ask("/set", {"bringup": {"needs_init": True}})
    it.ask("/do/drop-brokerage", {})
    lost = it.until("lost: no session")
    ready = it.until("ready (recovered)")
    it.rest()
    logins = it.ask("/state")["submissions"] - 1
    it.end()
    return f"{ready - lost:.2f} s after the tickle that said so; {logins} logins"


def opens_on_init_after_login(folder):
    """The same at the start, after a login: the supervisor first waits for the Gateway's own bring-up."""
    it = Play(folder)
    it.ask("/set", {"bringup": {"needs_init": True}})
    it.begin()
    asked, ready = it.until("calling ibgw-login"), it.until("ready")
    it.end()
    return f"{ready - asked:.2f} s, login and all"


SCENARIOS = [
    ("IBKR answers 500", "4 logins, 3 Gateway kills", upstream(500)),
    ("IBKR answers 503", "4 logins, 3 Gateway kills", upstream(503)),
    ("IBKR answers 429", "4 logins, 3 Gateway kills", upstream(429)),
    (f"a notification approved after {APPROVED_AFTER} s", "3 pushes, never in", push),
    ("another login competes", "Gateway killed", competing),
    ("the brokerage session opens on `ssodh/init` alone", "138 s", opens_on_init),
    ("the same, from the login on", "–", opens_on_init_after_login),
]


def main():
    results = {}

    def work(name, play):
        with tempfile.TemporaryDirectory() as folder:
            results[name] = play(pathlib.Path(folder))

    threads = [threading.Thread(target=work, args=(name, play)) for name, _, play in SCENARIOS]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rows = [f"| {name} | {theirs} | {results.get(name, 'FAILED')} |" for name, theirs, _ in SCENARIOS]
    text = "\n".join([
        "# Beside IBeam's record\n",
        f"Written by `benches/beside_ibeam.py target/debug`, {datetime.date.today()}; {SECONDS} s of each, a tickle a "
        "minute. IBeam 0.5.12 was measured before, on a comparable stand-in.\n",
        "| scenario | IBeam | `ibgw-supervise` |", "| --- | --- | --- |", *rows, ""])
    print(text)
    (HERE / "beside_ibeam.md").write_text(text)
    sys.exit(len(results) < len(SCENARIOS))


main()
