"""Measures `ibgw-secret` against a program that does nothing, and against gpg with the same file and key."""
import os, re, statistics, subprocess
from dam_sso import cpu, fingerprint, gpg, tool
from measure import PROGRAMS, compare, give_up, in_turns, peak, row, run

READS, PEAKS = 50, 5
TRADER = "trader@example.org"
# It sleeps until the shell that started it has ended: otherwise that shell would wait for it in our place.
HELLO = b'fn main() { println!("hello"); std::thread::sleep(std::time::Duration::from_millis(50)); }'
LOGIN = b'{"username":"testuser01","password":"Correct-Horse1"}\n'


def secret(folder):
    files = folder / "secrets"
    files.mkdir(0o700)
    for name, value in (("username", "testuser01"), ("password", "Correct-Horse1"), ("totp_seed", "GEZDGNBVGY3TQOJQ")):
        (files / name).touch(mode=0o600)
        (files / name).write_text(value)
    hello = folder / "hello"
    subprocess.run(["rustc", "-O", "-o", hello, "-"], input=HELLO, check=True)
    ours = (PROGRAMS / "ibgw-secret", "--dir", files)
    if "Correct-Horse1" not in run(*ours)[2]:
        give_up("ibgw-secret did not print the login")
    seen = in_turns(READS, {"ours": lambda: run(*ours), "hello": lambda: run(hello)})
    own, other = (statistics.median(seen[name][1]) * 1000 for name in ("ours", "hello"))
    row("`ibgw-secret --dir` beyond hello-world, CPU", f"{own:.2f} ms", f"{other:.2f} ms", own - other, 4, "ms")
    own, other = (statistics.median(peak(*command) for _ in range(PEAKS)) for command in (ours, (hello,)))
    row("`ibgw-secret --dir` beyond hello-world, peak memory", f"{own:.1f} MB", f"{other:.1f} MB", own - other, 6, "MB")
    for kind in ("rsa3072", "cv25519"):
        opening(folder / kind, kind)


def opening(folder, kind):
    """One encrypted login, opened in turns: by `ibgw-secret` with a key file, by gpg with the key in its agent."""
    folder.mkdir(0o700)
    os.environ["GNUPGHOME"] = str(folder)
    primary = "ed25519" if kind == "cv25519" else kind
    try:
        gpg("--passphrase", "", "--quick-generate-key", TRADER, primary, "sign,cert", "never")
        gpg("--passphrase", "", "--quick-add-key", fingerprint(TRADER), kind, "encrypt", "never")
        key, login, sealed = folder / "trader.key", folder / "login.json", folder / "login.pgp"
        key.touch(mode=0o600)
        key.write_bytes(gpg("--export-secret-keys", TRADER))
        login.write_bytes(LOGIN)
        gpg("--trust-model", "always", "--recipient", TRADER, "--output", sealed, "--encrypt", login)
        ours = (PROGRAMS / "ibgw-secret", "--login", f"pgp:{sealed}", "--key", f"file:{key}")
        theirs = ("gpg", "--batch", "--quiet", "--decrypt", sealed)
        for command in (ours, theirs):
            if "Correct-Horse1" not in run(*command)[2]:
                give_up(f"{command[0]} did not open the login")
        agent = int(re.search(r"\d+", tool("gpg-connect-agent", "getinfo pid", "/bye"))[0])
        before = cpu(agent)
        seen = in_turns(READS, {"ours": lambda: run(*ours), "gpg": lambda: run(*theirs)})
        # gpg-agent decrypts. Its CPU clock has steps of 10 ms, so it is exact only over all rounds together.
        share = (cpu(agent) - before) / READS
        seen["gpg"] = seen["gpg"][0], [spent + share for spent in seen["gpg"][1]]
        compare(f"`ibgw-secret` with `pgp:` / `gpg --decrypt`, {kind}", "ms", seen, "ours", "gpg", 1)
    finally:
        tool("gpgconf", "--kill", "all")
