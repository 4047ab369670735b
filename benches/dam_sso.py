"""Measures `ibsso-token` against the shell line of IBKR's guide to DAM SSO: the same keys, the same host."""
import os, pathlib, re, statistics, subprocess
from measure import PROGRAMS, compare, give_up, in_turns, peak, row, run, script, standin

TOKENS, PEAKS, SEALED = 30, 5, 300
CSID, FIRM, IBKR = "F86B" + "0" * 60, "firm@example.org", "ibkr@example.org"
# The steps of the guide, as a script that checks nothing. In the guide, too, secrets are arguments.
GUIDE = r"""
payload=$(echo '{"CREDENTIAL":"abcde1234","IP":"1.2.3.4","CONTEXT":"CP_API"}' |
    gpg --batch --trust-model always -u firm@example.org -r ibkr@example.org --sign --encrypt | base64 --wrap 0)
curl -sS --cacert "$3" --request POST --header 'Accept: application/json' --header 'Content-type: application/json' \
    --data "{\"csid\": \"$1\", \"payload\": \"$payload\"}" "$2"
"""
# The host answers at once, always the same: the time that it needs to open a payload is not part of the comparison.
ISSUED = {"part": "token", "path": "/sso/dam/token", "status": 200,
          "body": {"ACCESS_TOKEN": "eyJ0eXAiOiJKV1QifQ", "TOKEN_TYPE": "Bearer", "RESULT": True}}


def token(folder):
    for bits in (2048, 3072, 4096):
        # The path of a socket has at most 107 bytes.
        os.environ["GNUPGHOME"] = str(folder / str(bits))
        os.mkdir(os.environ["GNUPGHOME"], 0o700)
        keys(folder, bits)
        try:
            lines(folder, bits)
            # At 2048 bits the rest costs as much as the signature.
            if bits > 2048:
                sealing(folder, bits)
        finally:
            tool("gpgconf", "--kill", "all")


def keys(folder, bits):
    """Makes both pairs of keys with gpg, and the files that `ibsso-token` reads."""
    for who in (FIRM, IBKR):
        gpg("--passphrase", "", "--quick-generate-key", who, f"rsa{bits}", "sign,cert", "never")
        gpg("--passphrase", "", "--quick-add-key", fingerprint(who), f"rsa{bits}", "encrypt", "never")
    for name, content in (("sign.pgp", gpg("--export-secret-keys", FIRM)), ("ibkr.pgp", gpg("--export", IBKR)),
                          ("csid", CSID.encode())):
        (folder / name).touch(mode=0o600)
        (folder / name).write_bytes(content)


def lines(folder, bits):
    """One token by `ibsso-token`, one by the guide's line, in turns."""
    with standin("sso", "--gnupg-home", os.environ["GNUPGHOME"], "--csid", CSID,
                 "--cacert-out", folder / "ca.pem") as about:
        ours = (PROGRAMS / "ibsso-token", "--csid", f"file:{folder / 'csid'}", "--username", "abcde1234",
                "--ip", "1.2.3.4", "--sign-key", f"file:{folder / 'sign.pgp'}", "--recipient", folder / "ibkr.pgp",
                "--recipient-fpr", fingerprint(IBKR), "--token-url", about["token_url"], "--cacert", folder / "ca.pem")
        guide = ("sh", "-c", GUIDE, "sh", CSID, about["token_url"], folder / "ca.pem")
        for command in (ours, guide):
            if "eyJ" not in run(*command)[2]:
                give_up(f"no token came of {command[0]}")
        script(about, answers=[ISSUED])
        agent = int(re.search(r"\d+", tool("gpg-connect-agent", "getinfo pid", "/bye"))[0])
        before = cpu(agent)
        seen = in_turns(TOKENS, {"ours": lambda: run(*ours), "guide": lambda: run(*guide)})
        # gpg-agent signs. Its CPU clock has steps of 10 ms, so it is exact only over all rounds together.
        share = (cpu(agent) - before) / TOKENS
        seen["guide"] = seen["guide"][0], [spent + share for spent in seen["guide"][1]]
        compare(f"`ibsso-token` / the guide's line, RSA-{bits}", "ms", seen, "ours", "guide", 0.6)
        row(f"`ibsso-token`, RSA-{bits}, peak memory", "", "",
            statistics.median(peak(*ours) for _ in range(PEAKS)), 12, "MB")


def cpu(pid):
    """The CPU seconds of a process, with those of its threads that have ended."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")


def sealing(folder, bits):
    """The time to sign, encrypt and read again one payload, against a bare signature by OpenSSL."""
    seal = (PROGRAMS / "examples/seal", folder / "sign.pgp", folder / "ibkr.pgp", fingerprint(IBKR))
    speed = tool("openssl", "speed", "-mr", "-seconds", "3", f"rsa{bits}")
    raw = 1 / float(re.search(rf"\+F2:\d+:{bits}:([0-9.]+)", speed)[1])
    own = (run(*seal, SEALED)[1] - run(*seal, 1)[1]) / (SEALED - 1)
    row(f"a sealed payload / a signature by `openssl speed`, RSA-{bits}, CPU", f"{own * 1000:.2f} ms",
        f"{raw * 1000:.2f} ms", own / raw, 1.3)


def fingerprint(who):
    return gpg("--with-colons", "--list-keys", who).decode().split("\nfpr:::::::::")[1].split(":")[0]


def gpg(*words):
    return subprocess.run(["gpg", "--batch", "--quiet", *words], check=True, capture_output=True).stdout


def tool(*words):
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout
