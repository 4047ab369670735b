"""A month of faults in minutes: the real scripts and programs against a stand-in for IBKR. Run by scripts/soak.

soak PROGRAMS OUT MINUTES [GATEWAY]: the folder of the built tools, where the report goes (- for none), how long no new
day begins after, and another Gateway's directory in place of the stand-in's. A minute of the real thing is a second
here, and from one day to the next the clock of every new process jumps. Exits 1 when a target is missed.
"""
import pathlib, random, re, sys, tempfile, time

sys.dont_write_bytecode = True  # nothing beside the sources
import report
from faults import FAULTS
from judge import Judge
from machine import DAY, TICK, Machine, until

MONTH = 30
# Beyond a tick and the back-off that was announced: what a start, a login and a loaded machine take.
WORK = 8
# The growth that is none: a page of memory here and there, the ledger of one day, a start's lines in a log.
MEMORY, DISK = 512, 96_000
phase = random.Random(1)  # the same each time


class Played(dict):
    __getattr__ = dict.__getitem__


def is_up(machine, since):
    """Whether the supervisor has stored a report that says ready, and rightly, after a moment."""
    stored = machine.report.stat()
    return stored.st_mtime > since and '"state":"ready"' in machine.report.read_text() and machine.is_ready()


def play(machine, day, name, function, credentials, says):
    """One fault, from its beginning until the session is ready again."""
    # Somewhere between two ticks, not always just after one.
    time.sleep(phase.random() * TICK)
    before, began = machine.truth(), time.time()
    machine.note("fault", name)
    function(machine)
    healed = time.time()
    until(f"ready after: {name}", lambda: is_up(machine, healed), 120)
    took = time.time() - healed
    # That of a session that did not last is said when the loss is seen, which may be after the fault.
    announced = [int(seconds) for at, said in machine.lines if at > began
                 for seconds in re.findall(r"again in (\d+) s", said)]
    machine.note("ready", f"{name}: ready {took:.1f} s after it was healed")
    # The line about it may still be on its way: what is ready says so only after it is.
    given_up = time.time() + TICK + WORK
    while True:
        said = [said for at, said in machine.lines if at >= began]
        heard = says is None or any(re.search(says, line) for line in said)
        if heard or time.time() > given_up:
            break
        time.sleep(0.05)
    after = machine.truth()
    return Played(day=day, name=name, took=took, limit=TICK + max(announced, default=0) + WORK, heard=heard, said=said,
                  credentials=after["submissions"] - before["submissions"], needed=credentials,
                  pushes=after["pushes"] - before["pushes"])


def month(machine, minutes):
    """Each day the nightly reset and another fault or two, until the time is up; then the month is played again."""
    end, played, others = time.time() + 60 * minutes, [], FAULTS[1:]
    for day in range(1, 10**6):
        machine.note("day", str(day))
        # Two steps through the list a day; it has an odd number, so each fault meets either of its neighbours.
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
            play(machine, 0, *FAULTS[0])  # whatever grows once has grown
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
        ("faults that the supervisor did not name", sum(not one.heard for one in played), 0),
        ("exit of the supervisor", code, 0),
        ("more descriptors", max(0, last["descriptors"] - first["descriptors"]), 0),
        ("more memory of the supervisor, kB", max(0, last["memory"] - first["memory"]), MEMORY),
        ("more disk, bytes", max(0, last["disk"] - first["disk"]), DISK),
    ]
    is_met = report.write(out, machine, judge, played, days, targets, left)
    sys.exit(0 if is_met else 1)


main()
