"""What goes wrong in a month, one function each. It breaks something, waits, and repairs what no tool would repair.

The decorator has how many credentials a fault may cost at most, and the line that the supervisor must print about it. A
login is needed for a session that is gone at IBKR, and for one whose cookies a dead Gateway had.
"""
import contextlib, os, signal, subprocess, time

from machine import DAY, PORT, TICK, run, until

FAULTS = []


def fault(credentials, expected):
    def add(function):
        FAULTS.append((function.__name__.replace("_", " "), function, credentials, expected))
        return function
    return add


@fault(1, "no session")
def nightly_reset(m):
    # IBKR resets its servers each night: they answer 503 for a while, and the session is gone.
    with m.answering(status=503):
        m.do("drop-session")
        m.ticks(1.5)


@fault(0, r"ready \(recovered\)")
def brokerage_session_dropped(m):
    m.do("drop-brokerage")


@fault(1, "gateway started")
def gateway_killed(m):
    m.signal_gateway("SIGKILL")


@fault(0, "exit 12")
def ibkr_answers_500(m):
    with m.answering(status=500, body="error"):
        m.ticks(4)


@fault(0, "exit 10")
def another_login_competes(m):
    m.do("compete")
    m.ticks(3)
    # The owner of the account decides to take the session back.
    m.run_tool("ibgw-login", "--recover-only", "--compete")


@fault(1, "gateway restarted: it does not answer")
def gateway_hangs(m):
    pid = m.signal_gateway("SIGSTOP")
    with m.broken("the Gateway hangs"):
        until("its end", lambda: not os.path.exists(f"/proc/{pid}"))


@fault(0, "exit 12")
def ibkr_answers_429(m):
    with m.answering(status=429, headers={"Retry-After": "2"}):
        m.ticks(3)


@fault(0, "exit 8")
def ibkr_is_silent_for_a_moment(m):
    with m.answering(mode="hang"):
        m.ticks(2.5)


@fault(0, None)
def clock_steps(m):
    for step in (3 * 3600, -6 * 3600, 3 * 3600):
        m.set_clock(step)
        m.ticks(2)


@fault(1, "gateway not started: exit 6")
def port_stolen(m):
    listen = f"TCP-LISTEN:{PORT},bind=127.0.0.1,fork,reuseaddr,forever,interval=0.002"
    thief = subprocess.Popen([*m.inside, "socat", listen, "SYSTEM:true"], stderr=subprocess.DEVNULL)

    def has_it():
        # The supervisor may have restarted the Gateway first.
        with contextlib.suppress(OSError, TypeError):
            os.kill(m.gateway(), signal.SIGKILL)
        return "socat" in run(*m.inside, "ss", "-Htlnp", f"sport = :{PORT}")

    until("the thief", has_it)
    with m.broken("another program has the port"):
        m.ticks(3)
        thief.kill()
        thief.wait()


@fault(0, "exit 6")
def disk_full(m):
    with m.full_disk():
        m.ticks(3)


@fault(1, "exit 6")
def disk_full_and_no_session(m):
    with m.full_disk():
        m.do("drop-session")
        m.ticks(3)


@fault(1, "stopped")
def state_directory_lost(m):
    m.lose_state()
    m.ticks(2)
    # Only this supervisor knows that the Gateway is its own. So it must end the Gateway before the next one starts.
    pid = m.gateway_pid
    m.keeper.terminate()
    m.keeper.wait()
    until("the end of the Gateway", lambda: not os.path.exists(f"/proc/{pid}"))
    m.begin()


@fault(0, "exit 137")
def tickle_killed(m):
    m.ask("POST", "/set", {"answers": [{"part": "upstream", "path": "/v1/api/tickle", "delay_ms": 600}]})
    for pid in until("a tickle", lambda: m.children("ibgw-tickle")):
        os.kill(pid, signal.SIGKILL)
    m.ask("DELETE", "/answers")


@fault(2, "login: exit 137")
def login_killed(m):
    # The login may have been sent when the process died, so it counts, and another one is needed.
    m.ask("POST", "/set", {"answers": [{"part": "upstream", "path": "/sso/Authenticator", "delay_ms": 400}]})
    m.do("drop-session")
    for pid in until("a login", lambda: m.children("ibgw-login")):
        time.sleep(TICK / 2)
        os.kill(pid, signal.SIGKILL)
    m.ask("DELETE", "/answers")


@fault(0, "gateway is up already")
def supervisor_killed(m):
    m.keeper.kill()
    m.keeper.wait()
    m.ticks(1)
    m.begin()


@fault(0, "exit 8")
def network_cut(m):
    m.cut(True)
    with m.broken("the cable is cut"):
        m.ticks(3)
    m.cut(False)


@fault(1, "gateway restarted: .* calls to IBKR")
def ibkr_is_silent_for_hours(m):
    with m.answering(mode="hang"):
        until("the restart", lambda: any("calls to IBKR" in said for at, said in m.lines if at > m.breaks[-1][0]), 60)
        m.ticks(2)


@fault(0, "exit 9")
def ibkr_answers_nonsense(m):
    with m.answering(status=200, body="<html>maintenance</html>"):
        m.ticks(3)


@fault(1, "exit 12")
def weekend(m):
    # From Friday night to Saturday IBKR is down for hours, and the session is gone.
    with m.answering(status=503, headers={"Retry-After": "1"}):
        m.do("drop-session")
        m.ticks(8)
    m.set_clock(DAY)
