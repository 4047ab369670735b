"""Connects as a program of IBKR's own ibapi does, and prints what it was told as JSON.

ibapi_client.py HOST PORT CLIENT_ID
"""
import json, sys

from ibapi.client import EClient
from ibapi.wrapper import EWrapper


class Client(EWrapper, EClient):
    def __init__(self):
        EClient.__init__(self, self)
        self.told = {"codes": []}

    def managedAccounts(self, accountsList):
        self.told["accounts"] = [name for name in accountsList.split(",") if name]

    def nextValidId(self, orderId):
        self.told["next_id"] = orderId
        self.reqCurrentTime()

    def error(self, reqId, errorCode, errorString):
        self.told["codes"].append(errorCode)

    def currentTime(self, time):
        self.told.update(time=time, server_version=self.serverVersion())
        self.disconnect()


client = Client()
client.connect(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
client.run()
print(json.dumps(client.told))
