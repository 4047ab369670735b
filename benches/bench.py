"""Measures the tools against what you would run instead. Run by scripts/bench.

bench.py PROGRAMS PYTHON [PART...]: the folder of the built tools, the Python that has Selenium, and the parts to run
(tickle, login, start, token, secret, size; all if you name none). Prints a table. When all parts ran, writes it to
results.md beside this file. Exits 1 when a target is missed, 2 when something could not be measured.

The programs that are compared run in turns against one stand-in. Only the ratio of their medians is judged: the time
alone depends more on the machine, and on what else it does.
"""
import contextlib, ctypes, datetime, json, os, pathlib, platform, socket, ssl, statistics, subprocess, sys, tempfile, time

sys.dont_write_bytecode = True  # no files beside the sources
import bare_login
from dam_sso import TOKENS, token
from measure import PROGRAMS, compare, give_up, in_turns, line, peak, peak_of_tree, row, rows, run, standin, tell
from opening import READS, secret

HERE, PYTHON = pathlib.Path(__file__).parent, sys.argv[2]
# Where scripts/setup puts the clients of the TWS API.
CLIENTS = pathlib.Path(PYTHON).parents[2] / "clients/bin/python"
TOOLS = sorted(path for path in PROGRAMS.glob("ib[gs][ws]*-*") if os.access(path, os.X_OK) and not path.suffix)
CHROMIUM = "/usr/bin/chromium"
# The stand-in's user without a second factor. A code is valid once in 30 s, and that wait would hide all other times.
USER, PASSWORD = "testuser01", "Correct-Horse1"
TICKLES, PEAKS, LOGINS, STARTS = 100, 5, 7, 15
# Above this load even the ratios differed by a tenth or more from run to run.
BUSY = 4
PR_SET_CHILD_SUBREAPER = 36  # linux/prctl.h


def tickle(folder):
    with standin("serve") as about:
        tell(about, "login", user=USER)
        url = about["gateway"]
        ours = (PROGRAMS / "ibgw-tickle", "--url", url)
        curl = ("curl", "-ks", "-X", "POST", url + "/v1/api/tickle")
        if '"authenticated":true' not in run(*curl)[2].replace(" ", ""):
            give_up("curl was not told of a session")
        seen = in_turns(TICKLES, {"ours": lambda: run(*ours), "curl": lambda: run(*curl)})
        compare("`ibgw-tickle` / `curl`", "ms", seen, "ours", "curl", 0.5)
        own, other = (statistics.median(peak(*command) for _ in range(PEAKS)) for command in (ours, curl))
        row("`ibgw-tickle`, peak memory", f"{own:.1f} MB", f"{other:.1f} MB", own, 8, "MB")
        login = (PROGRAMS / "ibgw-login", "--url", url, "--state-dir", folder / "state")
        seen = in_turns(TICKLES, {"login": lambda: run(*login), "tickle": lambda: run(*ours)})
        compare("`ibgw-login` when ready / `ibgw-tickle`", "ms", seen, "login", "tickle", 1.2)
    probe()


def probe():
    client = HERE.parent / "tests/clients/ib_async_client.py"
    with standin("tws") as about:
        ours = (PROGRAMS / "ibgw-tickle", "--kind", "tws", "--address", about["address"])
        theirs = (CLIENTS, "-B", client, *about["address"].split(":"), 77)
        seen = in_turns(LOGINS, {"ours": lambda: run(*ours), "ib_async": lambda: run(*theirs)})
        compare("`ibgw-tickle --kind tws` / a client with ib_async", "ms", seen, "ours", "ib_async", 0.05)
        walls = [run(*ours)[0] for _ in range(TICKLES)]
        row("`ibgw-tickle --kind tws`, wall", "", "", statistics.median(walls) * 1000, 5, "ms")
        own = statistics.median(peak(*ours) for _ in range(PEAKS))
        row("`ibgw-tickle --kind tws`, peak memory", "", "", own, 4, "MB")


def login(folder):
    record, password = folder / "login.json", folder / "password"
    for path, content in ((record, json.dumps({"schema": "ibgw-secret/1", "username": USER, "password": PASSWORD})),
                          (password, PASSWORD)):
        path.touch(mode=0o600)
        path.write_text(content)
    no_sandbox = ["--browser-arg=--no-sandbox"] if os.geteuid() == 0 else []

    def command(about, state, method, *more):
        return (PROGRAMS / "ibgw-login", "--url", about["gateway"], "--state-dir", state, "--mode", "live",
                "--method", method, "--login", record, *no_sandbox, *more)

    def ours(method, *more):
        with standin("serve") as about, tempfile.TemporaryDirectory(dir=folder) as state:
            done = run(*command(about, state, method, *more))
        if json.loads(done[2])["how"] != method:
            give_up(f"ibgw-login did not log in by the method {method}: {done[2]}")
        return done

    def shell():
        done = ours("browser")
        if not json.loads(done[2])["browser"].startswith("chrome-headless-shell "):
            give_up(f"ibgw-login did not take chromium-headless-shell: {done[2]}")
        return done

    def peak_by(method, look):
        with standin("serve") as about, tempfile.TemporaryDirectory(dir=folder) as state:
            return look(*command(about, state, method))

    def bare():
        with standin("serve") as about:
            return bare_login.seconds(about["gateway"], USER, PASSWORD, 1), 0, ""

    def selenium():
        with standin("serve") as about:
            return run(PYTHON, HERE / "selenium_login.py", "--url", about["gateway"], "--mode", "live",
                       "--username", USER, "--password-file", password)

    variants = {"selenium": selenium, "chromium": lambda: ours("browser", "--browser", CHROMIUM),
                "direct": lambda: ours("direct"), "bare": bare, "shell": shell}
    seen = in_turns(LOGINS, variants)
    compare("`ibgw-login` with Chromium / Selenium", "s", seen, "chromium", "selenium", 1)
    compare("`ibgw-login` with chromium-headless-shell / Selenium", "s", seen, "shell", "selenium", 0.7)
    (wall, cpu), (bare_wall, _) = (map(statistics.median, seen[name]) for name in ("direct", "bare"))
    browser_cpu = statistics.median(seen["shell"][1])
    row("`ibgw-login` without / with a browser, CPU", f"{cpu * 1000:.1f} ms", f"{browser_cpu * 1000:.0f} ms",
        cpu / browser_cpu, 1 / 15)
    row("`ibgw-login` without a browser, CPU", "", "", cpu * 1000, 10, "ms")
    row("`ibgw-login` without a browser, beyond the server's own time", f"{wall * 1000:.0f} ms",
        f"{bare_wall * 1000:.0f} ms", (wall - bare_wall) * 1000, 30, "ms")
    small = statistics.median(peak_by("direct", peak) for _ in range(PEAKS))
    large = statistics.median(peak_by("browser", peak_of_tree) for _ in range(PEAKS))
    row("`ibgw-login` without / with a browser, peak memory", f"{small:.1f} MB", f"{large:.0f} MB", small / large, 0.05)
    row("`ibgw-login` without a browser, peak memory", "", "", small, 10, "MB")


def answers_by(port, deadline):
    """When the Gateway on the port first answered."""
    context = ssl._create_unverified_context()
    while time.perf_counter() < deadline:
        with contextlib.suppress(ConnectionError, ssl.SSLError):
            with socket.create_connection(("127.0.0.1", port), 5) as plain, context.wrap_socket(plain) as secure:
                secure.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                if secure.recv(1):
                    return time.perf_counter()
    give_up("the gateway that was started by hand does not answer")


def start(folder):
    gateway, state = folder / "clientportal.gw", folder / "state"
    with standin("upstream") as about, socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        taken.close()
        run(PROGRAMS / "ib-standin", "layout", gateway, "--upstream", about["upstream"])
        tool = (PROGRAMS / "ibgw-start", "--port", port, "--state-dir", state)
        whole, ready = [], []
        for number in range(STARTS):
            # The delay of Java's start differs each round, so that it never fits our polling by chance.
            os.environ["IB_STANDIN_START_DELAY_MS"] = str(300 + 13 * number)
            wall, _, report = run(*tool, "--gateway-dir", gateway, "--java", gateway / "jre/bin/java", leaves=True)
            report = json.loads(report)
            command, run_in = what_runs(report["pid"])
            run(*tool, "--stop")
            os.waitpid(report["pid"], 0)
            alone = by_hand(command, run_in, port)
            whole.append(wall - alone)
            ready.append(report["ready_seconds"] - alone)
    for what, seconds, target in (("all of it", whole, 50), ("`ready_seconds`", ready, 50)):
        added = statistics.median(seconds) * 1000
        row(f"`ibgw-start`, {what}, beyond the gateway's own start", f"at most {max(seconds) * 1000:.1f} ms", "", added,
            target, "ms")


def what_runs(pid):
    """The command of a process, and its working directory."""
    process = pathlib.Path(f"/proc/{pid}")
    return process.joinpath("cmdline").read_bytes().split(b"\0")[:-1], process.joinpath("cwd").readlink()


def by_hand(command, run_in, port):
    """The seconds that the Gateway itself takes to its first answer."""
    began = time.perf_counter()
    with subprocess.Popen(command, cwd=run_in, stdout=subprocess.DEVNULL) as process:
        took = answers_by(port, began + 60) - began
        process.terminate()
    return took


def size(folder):
    for tool in TOOLS:
        content = tool.read_bytes()
        if b".symtab" in content:
            give_up(f"{tool.name} is not stripped")
        row(f"`{tool.name}`, size", "", "", len(content) / 1e6, 8, "MB")


def version(*command):
    return subprocess.run(command, capture_output=True, text=True).stdout.split("\n")[0].strip()


def machine():
    cpu = next(line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name"))
    selenium = version(PYTHON, "-c", "import selenium; print('selenium', selenium.__version__)")
    day = datetime.datetime.now(datetime.timezone.utc).date()
    curl = " ".join(version("curl", "--version").split()[:2])
    return [f"{day}, {version('git', '-C', str(HERE), 'describe', '--always', '--dirty')}",
            f"{cpu}, {os.cpu_count()} cores; Linux {platform.release()}; {platform.freedesktop_os_release()['PRETTY_NAME']}",
            f"{curl}; {version('/usr/bin/chromium', '--version')}; {selenium}; {version('rustc', '--version')}"]


HEAD = ("what", "ours", "compared with", "value", "target", "verdict")
BETWEEN = ("---",) * len(HEAD)


def results(loads):
    table = [line(HEAD), line(BETWEEN), *map(line, rows)]
    load = ", ".join(f"{load:.1f}" for load in loads)
    if max(loads) > BUSY:
        load += ": **too busy a machine, measure again**"
    return "\n".join([
        "# Results", "", "Written by `scripts/bench`; other machines differ, so judge by the ratios.", "",
        *(f"- {about}" for about in machine()), f"- load before, and after each part: {load}", "", *table, "",
        f"Medians of {TICKLES} tickles, {LOGINS} logins and clients, {STARTS} starts, {TOKENS} tokens and {READS} secrets of each,",
        "in turns.",
        "CPU is user and system time with that of every process started on the way.",
        "The server's own time is that of the same requests on one connection, with nothing but their answers counted.",
        "Memory with a browser is that of the whole process tree; its processes share the count of a shared page.",
        "The Gateway's own start is the same Java command, run by hand and asked without a pause.", ""])


def main():
    parts = {"tickle": tickle, "login": login, "start": start, "token": token, "secret": secret, "size": size}
    asked = sys.argv[3:] or list(parts)
    if unknown := set(asked) - set(parts):
        give_up(f"no part is called {unknown.pop()}: they are {', '.join(parts)}")
    # Without the caller's settings, which would change what is measured.
    for name in [name for name in os.environ if name.startswith(("IBGW_", "IBSSO_", "IB_"))]:
        del os.environ[name]
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)
    loads = [os.getloadavg()[0]]
    print(line(HEAD), line(BETWEEN), sep="\n")
    with tempfile.TemporaryDirectory(prefix="ib-bench-") as folder:
        # So that browsers leave no files elsewhere.
        os.environ["TMPDIR"] = folder
        for part in asked:
            below = pathlib.Path(folder, part)
            below.mkdir()
            parts[part](below)
            loads.append(os.getloadavg()[0])
    if not sys.argv[3:]:
        HERE.joinpath("results.md").write_text(results(loads))
    raise SystemExit(any(cells[-1] == "MISSED" for cells in rows))


if __name__ == "__main__":
    main()
