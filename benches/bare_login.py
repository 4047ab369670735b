"""Logs in by the requests alone, and measures how long the server takes: no client can be faster.

Used by bench.py. It counts only the wait for answers, on one connection, and from the Dispatcher's answer until the
session is ready. It does not count what the client computes.
"""
import hashlib, http.client, json, secrets, ssl, time, urllib.parse

N = int("d4c7f8a2b32c11b8fba9581ec4ba4f1b04215642ef7355e37c0fc0443ef756ea"
        "2c6b8eeb755a1c723027663caa265ef785b8ff6a9b35227a52d86633dbdfca43", 16)


def number(value):
    """A number in as few bytes as it needs."""
    return value.to_bytes((value.bit_length() + 7) // 8, "big")


def digest(*parts):
    return int.from_bytes(hashlib.sha1(b"".join(parts)).digest(), "big")


def seconds(url, username, password, login_type):
    """The seconds that the server behind a Gateway takes for a login without a second factor."""
    host, port = urllib.parse.urlsplit(url).hostname, urllib.parse.urlsplit(url).port
    began = time.perf_counter()
    line = http.client.HTTPSConnection(host, port, context=ssl._create_unverified_context(), timeout=60)
    line.connect()
    waited = time.perf_counter() - began

    def ask(method, path, fields=None, cookie=""):
        nonlocal waited
        began = time.perf_counter()
        body = urllib.parse.urlencode(fields) if fields else None
        headers = {"Content-Type": "application/x-www-form-urlencoded"} if fields else {}
        line.request(method, path, body, headers | ({"Cookie": cookie} if cookie else {}))
        answer = line.getresponse()
        content = answer.read()
        waited += time.perf_counter() - began
        return answer, content

    def step(action, **fields):
        fields = {"ACTION": action, "USER": username, "RESP_TYPE": "JSON", "LOGIN_TYPE": login_type, **fields}
        return json.loads(ask("POST", "/sso/Authenticator", fields)[1])

    for _ in range(2):
        ask("POST", "/v1/api/tickle")
    ask("GET", ask("GET", "/")[0].headers["Location"])
    a = secrets.randbits(256)
    A = pow(2, a, N)
    init = step("INIT", A=f"{A:0128x}")
    B, salt = int(init["B"], 16), bytes.fromhex(init["s"])
    inner = hashlib.sha1(f"{username}:{password}".encode()).digest()
    x, u = digest(salt, inner), digest(number(A), number(B))
    K = digest(number(pow(B - 3 * pow(2, x, N), a + u * x, N)))
    group = digest(number(N)) ^ digest(b"\2")
    M1 = digest(group.to_bytes(20, "big"), number(digest(username.encode())), salt, number(A), number(B), number(K))
    n, text = int(init["rsapub"], 16), f"{K:x}".encode()
    size = len(init["rsapub"]) // 2
    filling = bytes(secrets.randbelow(255) + 1 for _ in range(size - 3 - len(text)))
    sealed = pow(int.from_bytes(b"\0\2" + filling + b"\0" + text, "big"), 3, n)
    answer = step("COMPLETEAUTH", M1=f"{M1:040x}", VERSION=1, EKX=f"{sealed:0{2 * size}x}")
    if int(answer["M2"] or "0", 16) != digest(number(A), number(M1), number(K)):
        raise SystemExit(f"bench: the bare login was refused: {answer}")
    key = f"{digest(number(B), number(K)):040x}"
    fields = {"loginType": login_type, "forwardTo": 22}
    ask("POST", "/sso/Dispatcher", fields, f"XYZAB={key}; XYZAB_AM.LOGIN={key}")
    began, before = time.perf_counter(), waited
    while time.perf_counter() < began + 60:
        status = json.loads(ask("GET", "/v1/api/iserver/auth/status")[1])
        if status.get("authenticated") and status.get("connected") and status.get("established", True):
            return before + time.perf_counter() - began
        time.sleep(0.001)
    raise SystemExit("bench: the session of the bare login does not become ready")
