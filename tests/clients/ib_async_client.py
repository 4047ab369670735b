"""Connects as a program of ib_async does, and prints what it was told as JSON.

ib_async_client.py HOST PORT CLIENT_ID
"""
import json, sys

from ib_async import IB

host, port, client_id = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
ib, codes = IB(), []
ib.errorEvent += lambda request, code, text, contract: codes.append(code)
# Everything that it asks for at the start must be answered, or this fails.
ib.connect(host, port, clientId=client_id, timeout=20, raiseSyncErrors=True)
print(json.dumps({
    "accounts": ib.managedAccounts(),
    "server_version": ib.client.serverVersion(),
    "next_id": ib.client.getReqId(),
    "time": int(ib.reqCurrentTime().timestamp()),
    "codes": codes,
}))
ib.disconnect()
