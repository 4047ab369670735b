"""Runs commands, measures what they cost, and collects the rows of the table."""
import contextlib, json, os, pathlib, statistics, subprocess, sys, tempfile, time, urllib.request

PROGRAMS = pathlib.Path(sys.argv[1])


def run(*command, stdin="/dev/null", leaves=False):
    """Runs a command, and returns its wall and CPU seconds and its output.

    The processes that it started count too, and this waits for them, unless the command is meant to leave one behind.
    """
    command = [str(word) for word in command]
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        streams = [(os.POSIX_SPAWN_OPEN, 0, stdin, os.O_RDONLY, 0)]
        streams += [(os.POSIX_SPAWN_DUP2, file.fileno(), number) for number, file in ((1, out), (2, err))]
        others = children()
        began = time.perf_counter()
        pid = os.posix_spawnp(command[0], command, os.environ, file_actions=streams)
        _, status, used = os.wait4(pid, 0)
        wall = time.perf_counter() - began
        cpu = used.ru_utime + used.ru_stime
        # Orphans become children of this process: it is a subreaper.
        while not leaves and (orphans := children() - others):
            _, _, used = os.wait4(orphans.pop(), 0)
            cpu += used.ru_utime + used.ru_stime
        code, (said, complained) = os.waitstatus_to_exitcode(status), map(read, (out, err))
    if code != 0:
        give_up(f"{' '.join(command)}\nended with {code}\nstdout: {said}\nstderr: {complained}")
    return wall, cpu, said


def read(file):
    file.seek(0)
    return file.read().decode(errors="replace")


def children():
    return {int(pid) for pid in pathlib.Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()}


def peak(*command):
    """The peak memory of the largest process of a command, in MB."""
    # Through exec a process keeps its peak, which would be that of this program: so a small shell forks it.
    shell = ["sh", "-c", '"$@" >/dev/null 2>&1 & echo $!', "sh", *map(str, command)]
    pid = int(subprocess.run(shell, check=True, capture_output=True).stdout)
    return os.wait4(pid, 0)[2].ru_maxrss * 1024 / 1e6


def peak_of_tree(*command):
    """The peak memory of a command and its descendants, in MB. Processes share the count of a shared page."""
    process = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    most = 0
    while process.poll() is None:
        most = max(most, sum(map(memory, below(process.pid))))
        time.sleep(0.01)
    if process.returncode != 0:
        give_up(f"{command[0]} ended with {process.returncode} while its memory was looked at")
    return most / 1e6


def below(pid):
    """A process and its descendants."""
    try:
        threads = list(pathlib.Path(f"/proc/{pid}/task").iterdir())
        started = [child for thread in threads for child in (thread / "children").read_text().split()]
    except OSError:
        return []
    return [pid] + [found for child in started for found in below(int(child))]


def memory(pid):
    """The bytes of a process; 0 if it has ended, or if it hides its memory, as ibgw-login does."""
    try:
        rollup = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    return next(int(line.split()[1]) * 1024 for line in rollup.splitlines() if line.startswith("Pss:"))


def give_up(why):
    print("bench:", why, file=sys.stderr)
    raise SystemExit(2)


@contextlib.contextmanager
def standin(*part):
    """A stand-in that runs, and what it prints about itself."""
    command = [PROGRAMS / "ib-standin", *part, "--until-eof"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        yield json.loads(process.stdout.readline())
        process.stdin.close()


def tell(about, deed, **how):
    ask_control(about, f"do/{deed}", how)


def script(about, **how):
    ask_control(about, "set", how)


def ask_control(about, path, how):
    urllib.request.urlopen(f"{about['control']}/{path}", json.dumps(how).encode()).close()


def in_turns(rounds, variants):
    """Runs each variant once a round, in a different order; returns the wall and the CPU seconds of each."""
    seen, names = {name: ([], []) for name in variants}, list(variants)
    for number in range(rounds):
        first = number % len(names)
        for name in names[first:] + names[:first]:
            wall, cpu, _ = variants[name]()
            seen[name][0].append(wall)
            seen[name][1].append(cpu)
    return seen


def compare(what, unit, seen, ours, theirs, target):
    """Rows for the wall and CPU time of one variant against another."""
    scale = {"ms": 1000, "s": 1}[unit]
    for index, kind in enumerate(("wall", "CPU")):
        own, other = (statistics.median(seen[name][index]) for name in (ours, theirs))
        row(f"{what}, {kind}", f"{own * scale:.2f} {unit}", f"{other * scale:.2f} {unit}", own / other, target)


rows = []


def row(what, own, other, value, target, unit=""):
    """One line of the table: a value, its target, and the two numbers behind it. Without a unit it is a ratio."""
    shown = f"{value:.1f} {unit}" if unit else f"{value:.3f}"
    rows.append((what, own, other, shown, f"≤ {target:.3g} {unit}".strip(), "met" if value <= target else "MISSED"))
    print(line(rows[-1]), flush=True)


def line(cells):
    return "| " + " | ".join(cells) + " |"
