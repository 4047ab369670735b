"""Compares every report about the session with the truth at that moment."""
import contextlib, json, subprocess, threading, time

from machine import MAX_AGE, SCRIPTS, TICK

LOOK = 0.05  # seconds from one look at the truth to the next
# Seconds from the answer to a tickle until its report is in the file, on a loaded machine with a slow disk.
STORING = 0.5


class Judge:
    def __init__(self, machine):
        self.machine, self.truths, self.reports = machine, [], []  # [(began, ended, is_ready)], [(from, to, state)]
        self.wrong, self.asked, self.probes, self.stale = [], 0, 0, []
        self.goes_on, self.looks_on = True, True
        self.looker, *self.askers = [threading.Thread(target=work, daemon=True)
                                     for work in (self.look, self.ask, self.probe)]
        for thread in [self.looker, *self.askers]:
            thread.start()

    def stop(self):
        self.goes_on = False
        for thread in self.askers:
            thread.join()
        # The looks go on to the last answer: the session may have become ready a moment ago.
        self.looks_on = False
        self.looker.join()
        self.wrong += [report for report in self.reports if report[2] == "ready" and not self.may_be_ready(*report[:2])]

    def has_a_way(self, began, ended):
        """Whether the session could be reached at some moment between these two."""
        return not any(since <= began and (until or ended) >= ended for since, until, _ in list(self.machine.breaks))

    def may_be_ready(self, began, ended):
        """Whether the session was ready at some moment between these two. The looks just before and after count too."""
        truths = list(self.truths)
        around = [ready for since, until, ready in truths if until >= began - LOOK * 2 and since <= ended + LOOK * 2]
        return self.has_a_way(began, ended) and (any(around) or not around)

    def look(self):
        """Records the truth, and each report that the supervisor's tickles store."""
        last = None
        while self.looks_on:
            began = time.time()
            with contextlib.suppress(OSError):
                ready = self.machine.is_ready()
                self.truths.append((began, time.time(), ready))
            with contextlib.suppress(OSError, ValueError):
                at = self.machine.report.stat().st_mtime
                if at != last:
                    last, report = at, json.loads(self.machine.report.read_text())
                    took = (report["latency_ms"] or 0) / 1000
                    self.reports.append((at - took - STORING, at, report["state"]))
            time.sleep(LOOK)

    def ask(self):
        """A second program that makes tickles. The truth just before and after each of them is known exactly."""
        while self.goes_on:
            time.sleep(TICK)
            # A call that IBKR does not answer takes one of the Gateway's five connections. The supervisor counts them.
            if any(end is None for _, end, _ in self.machine.breaks):
                continue
            began = time.time()
            with contextlib.suppress(OSError):
                before = self.machine.is_ready()
                done = self.machine.run_tool("ibgw-tickle", "--write", self.machine.folder / "asked.json")
                after = self.machine.is_ready()
                self.asked += 1
                if done.returncode == 0 and not before and not after and not self.may_be_ready(began, time.time()):
                    self.wrong.append((began, time.time(), done.stdout))

    def probe(self):
        """/readyz of ibgw-health, which may lag behind the truth by the greatest age of a report, and no more."""
        request = b"GET /readyz HTTP/1.1\r\n\r\n"
        command = [SCRIPTS / "ibgw-health", self.machine.report]
        while self.goes_on:
            time.sleep(TICK)
            began = time.time()
            said = subprocess.run(command, env=self.machine.environment, input=request, capture_output=True).stdout
            self.probes += 1
            lag = MAX_AGE + 2 * TICK  # the tickle and this probe take time, too
            if b" 200 " in said[:20] and not self.may_be_ready(began - lag, time.time()):
                self.stale.append(began)
