"""The timeline as a picture, in strips of 60 seconds. Each has the truth, the reports, the faults and what was sent."""
from xml.sax.saxutils import escape

WIDTH, LEFT, STRIP = 1400, 70, 60  # pixels, pixels, seconds
ROWS = ("session", "said", "faults", "sent")
HIGH, GAP = 20, 6
COLOURS = {"ready": "#2e8b57", "not": "#c0392b", "ready said": "#58b383", "other said": "#e08e79", "fault": "#8e6bbf",
           "login": "#1f5fa8", "gateway": "#d68910",
           "no way": "#b08d57", "ink": "#222", "pale": "#777"}


def spans(changes, end):
    """Moments of change as (from, to, value). Equal neighbours become one span."""
    merged = []
    for at, value in changes:
        if not merged or merged[-1][1] != value:
            merged.append((at, value))
    return [(at, next_at, value) for (at, value), (next_at, _) in zip(merged, [*merged[1:], (end, None)])]


def draw(machine, judge, played):
    began = machine.began
    end = max(at for at, _, _ in machine.events) + 1
    strips = int((end - began) // STRIP) + 1
    height = strips * (len(ROWS) * (HIGH + GAP) + 34) + 60
    pieces = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" font-family="sans-serif" '
              f'font-size="11" fill="{COLOURS["ink"]}"><rect width="100%" height="100%" fill="#fff"/>', legend()]
    scale = (WIDTH - LEFT - 20) / STRIP

    def place(at):
        strip, inside = divmod(at - began, STRIP)
        return int(strip), LEFT + inside * scale

    def top(strip, row):
        return 40 + strip * (len(ROWS) * (HIGH + GAP) + 34) + ROWS.index(row) * (HIGH + GAP) + 14

    def bar(row, since, until, colour, title, label=""):
        while since < until:
            strip, x = place(since)
            edge = min(until, began + (strip + 1) * STRIP)
            wide = max((edge - since) * scale, 1)
            y = top(strip, row)
            pieces.append(f'<rect x="{x:.1f}" y="{y}" width="{wide:.1f}" height="{HIGH}" fill="{colour}">'
                          f'<title>{escape(title)}</title></rect>')
            if label and wide > 6 * len(label):
                pieces.append(f'<text x="{x + 2:.1f}" y="{y + 14}" fill="#fff">{escape(label)}</text>')
            since = edge + 1e-9

    for strip in range(strips):
        for row in ROWS:
            pieces.append(f'<text x="8" y="{top(strip, row) + 14}">{row}</text>')
        pieces.append(f'<text x="8" y="{top(strip, "session") - 4}" fill="{COLOURS["pale"]}">{strip * STRIP} s</text>')
    for since, until, ready in spans([(at, ready) for at, _, ready in judge.truths], end):
        bar("session", since, until, COLOURS["ready" if ready else "not"], "ready" if ready else "not ready")
    for since, until, why in machine.breaks:
        bar("session", since, until or end, COLOURS["no way"], f"no way to it: {why}", "no way to it")
    for since, until, state in spans([(at, state) for _, at, state in judge.reports], end):
        bar("said", since, until, COLOURS["ready said" if state == "ready" else "other said"], state,
            "" if state == "ready" else state.replace("_", " "))
    faults = [(at, text) for at, kind, text in machine.events if kind == "fault"]
    recovered = [at for at, kind, _ in machine.events if kind == "ready"]
    for at, name in faults:
        until = next((after for after in recovered if after > at), end)
        bar("faults", at, until, COLOURS["fault"], name, name)
    for at, kind, text in machine.events:
        strip, x = place(at)
        if kind == "day":
            y = top(strip, "session")
            pieces.append(f'<path d="M{x:.1f} {y - 12}v{len(ROWS) * (HIGH + GAP) + 8}" stroke="{COLOURS["pale"]}"/>'
                          f'<text x="{x + 3:.1f}" y="{y - 4}">day {text}</text>')
        # A login often follows a start at once: draw it a little lower, so that both are visible.
        for beginning, colour, down in (("gateway started", "gateway", 4), ("calling ibgw-login", "login", 14)):
            if kind == "said" and text.startswith(beginning):
                pieces.append(f'<circle cx="{x:.1f}" cy="{top(strip, "sent") + down}" r="4" fill="{COLOURS[colour]}">'
                              f'<title>{escape(text)}</title></circle>')
    return "\n".join([*pieces, "</svg>\n"])


def legend():
    entries = (("ready", "the session is ready"), ("not", "it is not"), ("no way", "it cannot be reached"),
               ("ready said", "reported as ready"), ("other said", "reported as something else"),
               ("fault", "a fault, until ready again"), ("login", "ibgw-login started"), ("gateway", "Gateway started"))
    pieces, x = [], LEFT
    for colour, words in entries:
        pieces.append(f'<rect x="{x}" y="12" width="12" height="12" fill="{COLOURS[colour]}"/>'
                      f'<text x="{x + 17}" y="22">{words}</text>')
        x += 30 + 6.4 * len(words)
    return "".join(pieces)
