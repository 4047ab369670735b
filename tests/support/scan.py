"""Runs a program until only its last line is left to be written, and looks for secrets in its memory.

scan.py SECRETS CONTROL FILE TEXT PROGRAM ARGS...: prints one line for each secret found, by its name and place.
The program has done its work when a file that the pattern FILE matches has TEXT in it; without a FILE, when it is in
its write to stdout.
The secrets are those of the file SECRETS; with a FILE, the token is read from it unless it is among them, and a payload,
if one was sent, from the stand-in that CONTROL names.
"""

import glob
import json
import os
import subprocess
import sys
import time
import urllib.request

secrets = json.load(open(sys.argv[1]))
reader, writer = os.pipe()
os.set_blocking(writer, False)
try:
    while True:
        os.write(writer, b" " * 4096)
except BlockingIOError:
    pass
os.set_blocking(writer, True)
# The pipe is full and is not read, so the program stays in its last write.
file, text = sys.argv[3:5]
program = subprocess.Popen(sys.argv[5:], stdout=writer)


def is_asleep():
    with open(f"/proc/{program.pid}/stat") as stat:
        return stat.read().rsplit(")", 1)[1].split()[0] == "S"


def is_done():
    return any(text in open(path).read() for path in glob.glob(file)) if file else waits_in_its_write()


def waits_in_its_write():
    with open(f"/proc/{program.pid}/syscall") as call:
        # The number of write(2), on x86-64 or on any later 64-bit Linux, and that of stdout.
        number, stdout = [*call.read().split(), ""][:2]
    return number in ("1", "64") and stdout == "0x1"


looks, deadline = 0, time.monotonic() + 60
while looks < 20:
    assert program.poll() is None, f"it ended with {program.returncode}"
    assert time.monotonic() < deadline, "it does not end"
    looks = looks + 1 if is_done() and is_asleep() else 0
    # Between the file and the pipe it may sleep for a moment; a hundred milliseconds at a stretch it does not.
    time.sleep(0.005)

if file:
    if "token" not in secrets:
        secrets["token"] = open(file).read().strip()
    requests = json.load(urllib.request.urlopen(sys.argv[2] + "/requests"))
    if "payload" in requests[-1]["body"]:
        secrets["payload"] = json.loads(requests[-1]["body"])["payload"]
with open(f"/proc/{program.pid}/maps") as maps, open(f"/proc/{program.pid}/mem", "rb", 0) as memory:
    looked_at = 0
    for line in maps:
        fields = line.split()
        begin, end = (int(edge, 16) for edge in fields[0].split("-"))
        if not fields[1].startswith("rw"):
            continue
        memory.seek(begin)
        found = memory.read(end - begin)
        looked_at += len(found)
        for name, secret in secrets.items():
            # A part of it would do.
            for part in (secret[:24], secret[-24:]):
                if part.encode() in found:
                    print(name, fields[-1], part[:4])
print("looked at", "much" if looked_at > 100_000 else looked_at, "for", *sorted(secrets))
program.kill()
program.wait()
