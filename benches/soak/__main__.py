"""A month of faults in minutes: the real scripts and programs against a stand-in for IBKR. Run by scripts/soak.

soak PROGRAMS OUT MINUTES [GATEWAY]: the folder of the built tools, the folder of the report (- for none), the minutes
after which no new fault begins, and the directory of another Gateway in place of the stand-in's. A real minute is a
second here. From one day to the next the clock of every new process jumps. Exits 1 when a target is missed.
"""
import pathlib, random, re, sys, tempfile, time

sys.dont_write_bytecode = True  # no files beside the sources
import report
from faults import FAULTS
from judge import Judge
from machine import DAY, TICK, Machine, until

# Seconds beyond a tick and the announced back-off: for a start, a login and a loaded machine.
WORK = 8
# Growth that is allowed: a few pages of memory, the ledger of one day, the lines of a start in a log.
MEMORY, DISK = 512, 96_000
phase = random.Random(1)  # the same each time


class Played(dict):
    __getattr__ = dict.__getitem__


def is_up(machine, since):
    """Whether the supervisor has stored a report since then that says ready, and the session is ready."""
    stored = machine.report.stat()
    return stored.st_mtime > since and '"state":"ready"' in machine.report.read_text() and machine.is_ready()


def play(machine, day, name, function, credentials, expected):
    """One fault, from its beginning until the session is ready again."""
    # At a random moment between two ticks, not always just after one.
    time.sleep(phase.random() * TICK)
    before, began = machine.truth(), time.time()
    machine.note("fault", name)
    function(machine)
    healed = time.time()
    until(f"ready after: {name}", lambda: is_up(machine, healed), 120)
    took = time.time() - healed
    # If a session did not last, the supervisor announces the back-off when it sees the loss, maybe after the fault.
    announced = [int(seconds) for at, said in machine.lines if at > began
                 for seconds in re.findall(r"again in (\d+) s", said)]
    machine.note("ready", f"{name}: ready {took:.1f} s after it was healed")
    # The line about it may not be printed yet: the supervisor prints it after the session is ready.
    given_up = time.time() + TICK + WORK
    while True:
        said = [said for at, said in machine.lines if at >= began]
        named = expected is None or any(re.search(expected, line) for line in said)
        if named or time.time() > given_up:
            break
        time.sleep(0.05)
    after = machine.truth()
    return Played(day=day, name=name, took=took, limit=TICK + max(announced, default=0) + WORK, named=named, said=said,
                  credentials=after["submissions"] - before["submissions"], needed=credentials,
                  pushes=after["pushes"] - before["pushes"])


def month(machine, minutes):
    """Each day the nightly reset and two other faults, until the time is up."""
    end, played, others = time.time() + 60 * minutes, [], FAULTS[1:]
    for day in range(1, 10**6):
        machine.note("day", str(day))
        # Two faults of the list a day. Their number is odd, so each fault comes with either of its neighbours.
        chosen = [others[(day * 2 + offset) % len(others)] for offset in (0, 1)]
        for fault in [FAULTS[0], *chosen]:
            if time.time() > end:
                return played, day
            played.append(play(machine, day, *fault))
        machine.set_clock(DAY)
        machine.do("pass-time", seconds=DAY)


def main():
    programs, out, minutes = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2], float(sys.argv[3])
    gateway = pathlib.Path(sys.argv[4]).resolve() if len(sys.argv) > 4 else None
    with tempfile.TemporaryDirectory() as folder:
        machine = Machine(programs, pathlib.Path(folder), gateway)
        try:
            machine.begin()
            until("the first session", lambda: is_up(machine, machine.began), 60)
            judge = Judge(machine)
            play(machine, 0, *FAULTS[0])  # what grows only once has grown after this
            first = machine.measure()
            played, days = month(machine, minutes)
            last, truth = machine.measure(), machine.truth()
            judge.stop()
            code, left = machine.end()
        except SystemExit:
            print(report.decisions(machine)[-6000:])
            raise
        finally:
            machine.unmount()
    targets = [
        ("wrong answers \"ready\"", len(judge.wrong), 0),
        ("probes that said ready later than a report may be old", len(judge.stale), 0),
        ("needless credentials", sum(max(0, one.credentials - one.needed) for one in played), 0),
        ("pushes", truth["pushes"], 0),
        ("logins that IBKR counts as failed", sum(truth["failed_logins"].values()), 0),
        ("orphans", len(left), 0),
        ("recoveries later than a tick and the back-off", sum(one.took > one.limit for one in played), 0),
        ("faults that the supervisor did not name", sum(not one.named for one in played), 0),
        ("exit of the supervisor", code, 0),
        ("more descriptors", max(0, last["descriptors"] - first["descriptors"]), 0),
        ("more memory of the supervisor, kB", max(0, last["memory"] - first["memory"]), MEMORY),
        ("more disk, bytes", max(0, last["disk"] - first["disk"]), DISK),
    ]
    is_met = report.write(out, machine, judge, played, days, targets, left)
    sys.exit(0 if is_met else 1)


main()
