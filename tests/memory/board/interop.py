# Runs under MicroPython with its own AES: a whole session with a client elsewhere, whose messages
# lie in `client.json`, made beforehand for the chance that this board has. A row for what comes.

import json
import sys
from binascii import hexlify, unhexlify

import cryptolib
from nullboard import NullBoard

from lockunit import lockkey
from lockunit.access import Access
from lockunit.session import Session


class Board(NullBoard):
    def aes(self, key):
        return cryptolib.aes(key, 1)


def begin():
    pass


def tick():
    with open(sys.path[1] + "/client.json") as file:
        client = json.load(file)
    board = Board()
    for name, data in lockkey.provisions(unhexlify(client["key"]), 1, 1_700_000_000, 64):
        board.store(name, data)
    session = Session(Access(board, 0))
    say(session.begin(0, unhexlify(client["m1"])))
    say(session.prove(0, 64, unhexlify(client["proof"])).encode())
    for n, sealed in enumerate(client["lines"]):
        plain = session.open(0, 64, n, unhexlify(sealed))
        say(plain)
        say(session.seal(0, plain)[2])
    return False


def say(value):
    print(json.dumps({"is": str(hexlify(value), "ascii")}))
