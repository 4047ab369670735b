"""The report of a soak: the counts, each fault, the picture, and every decision with its cause."""
import datetime, os, pathlib, platform, statistics, sys, time

import picture


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "| " + " | ".join("---" for _ in head) + " |"]
    return "\n".join(lines + ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows])


def of_faults(played):
    """A row for each kind of fault."""
    rows = []
    for name in dict.fromkeys(one.name for one in played):
        of_kind = [one for one in played if one.name == name]
        took = [one.took for one in of_kind]
        rows.append((name, len(of_kind), f"{statistics.median(took):.1f} s", f"{max(took):.1f} s",
                     sum(one.credentials for one in of_kind), f"≤ {sum(one.needed for one in of_kind)}",
                     sum(not one.named for one in of_kind) or "–"))
    head = ("fault", "times", "ready after, median", "at most", "credentials", "needed", "not named")
    return table(head, rows)


def decisions(machine):
    """The lines of the supervisor, each below the fault that caused it."""
    began = machine.began
    lines = []
    for at, kind, text in sorted(machine.events):
        if kind == "day":
            lines.append(f"\nday {text}")
        elif kind in ("fault", "said", "ready"):
            mark = {"fault": "!", "said": " ", "ready": "="}[kind]
            lines.append(f"{at - began:8.2f} {mark} {text}")
    return "\n".join(lines).strip() + "\n"


def write(out, machine, judge, played, days, targets, left):
    """Prints the report; with a folder, stores it with picture and decisions. Returns whether all targets are met."""
    met = [value <= limit for _, value, limit in targets]
    minutes = (time.time() - machine.began) / 60
    text = "\n\n".join([
        f"{days} days with {len(played)} faults in {minutes:.0f} minutes; {len(judge.reports)} reports of the "
        f"supervisor's tickles, {judge.asked} tickles of another program and {judge.probes} probes, held against "
        f"{len(judge.truths)} looks at the truth.",
        table(("target", "value", "at most", "verdict"),
              [(what, value, limit, "met" if good else "MISSED") for (what, value, limit), good in zip(targets, met)]),
        of_faults(played)])
    print(text)
    for what, found in (("wrong", judge.wrong), ("stale", judge.stale), ("left", left)):
        for one in found:
            print(f"{what}: {one}")
    for one in played:
        if one.took > one.limit or not one.named or one.credentials > one.needed:
            print(f"day {one.day}, {one.name}: {dict(one)}")
    if out == "-":
        return all(met)
    folder = pathlib.Path(out)
    folder.mkdir(exist_ok=True)
    (folder / "timeline.svg").write_text(picture.draw(machine, judge, played))
    (folder / "decisions.txt").write_text(decisions(machine))
    today = datetime.date.today().isoformat()
    head = [
        "# A month of faults",
        f"Written by `scripts/soak --minutes {sys.argv[3]} --out benches/soak-report`. A minute of the real thing is a "
        "second here. The soak takes part itself: it makes tickles, it probes, and it causes the faults.",
        f"{today}; {platform.machine()}, Linux {platform.release()}, {os.cpu_count()} processors, load "
        f"{os.getloadavg()[2]:.1f}",
        "![The session, the reports about it, and the faults](timeline.svg)"]
    (folder / "README.md").write_text("\n\n".join([*head, text, "Every decision with its cause: "
                                                     "[decisions.txt](decisions.txt).\n"]))
    return all(met)
