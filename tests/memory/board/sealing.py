# Runs under MicroPython: what handshakes and sealed lines allocate, how long they take, and whether
# anything stays. The client is made of the core's own parts: nothing is proved here, but counted.

import gc
import json
import struct
import time

import anyaes
from nullboard import NullBoard

from lockunit import ccm, lockkey
from lockunit.access import Access
from lockunit.crypto import hmac
from lockunit.session import Session

LINE = b'{"jsonrpc":"2.0","id":1,"method":"bolt.unlock","params":{}}'
LONG = bytes(730)


class Board(NullBoard):
    def aes(self, key):
        return anyaes.cryptolib.aes(key, 1)


class Client:
    def __init__(self, access):
        self.access = access
        fields = struct.pack(">I16sBII", 1, bytes(16), 1, 0, 0xFFFFFFFF)
        self.m1 = b"\x01" + lockkey.unit_bytes(access.board.unit_id()) + fields + bytes(16)

    def enter(self, session):
        m2 = session.begin(0, self.m1)
        # The unit's own object has the keys that the client would make.
        found = session._handshake
        proof = hmac(self.access.board, found._key, b"C" + self.m1 + m2[:20])
        assert session.prove(0, found.number, proof) == "done"
        self.number, self.to_lock = found.number, found.ciphers()[0]
        self.n = 0

    def line(self, plain):
        nonce = struct.pack(">BIQ", 0, self.number, self.n)
        self.n += 1
        return self.n - 1, ccm.seal(self.to_lock, nonce, plain, nonce)


def begin(rounds):
    global count, done, access, session, client
    count, done = rounds, 0
    board = Board()
    for name, data in lockkey.provisions(bytes(32), 1, 1_700_000_000):
        board.store(name, data)
    access = Access(board, 0)
    session = Session(access)
    client = Client(access)
    client.enter(session)
    figures()


def tick():
    # Garbage is collected between ticks, on every port.
    global done
    if done in (count // 10, count):
        print(json.dumps({"rounds": done, "alive": gc.mem_alloc(), "aes": anyaes.NAME}))
    client.enter(session)
    session.open(0, client.number, *client.line(LINE))
    session.seal(0, LINE)
    session.begin(0, client.m1)
    session.prove(0, access.next, bytes(32))
    access.notes.clear()
    done += 1
    return done <= count


def figures():
    chance = session.begin(0, client.m1)[:20]
    found = session._handshake
    proof = hmac(access.board, found._key, b"C" + client.m1 + chance)
    say("proof", lambda: session.prove(0, found.number, proof))
    client.enter(session)
    n, sealed = client.line(LINE)
    say("open", lambda: session.open(0, client.number, n, sealed))
    say("seal", lambda: session.seal(0, LINE))
    m, long_one = client.line(LONG)
    say("open long", lambda: session.open(0, client.number, m, long_one))
    say("seal long", lambda: session.seal(0, LONG))
    say("m1", lambda: session.begin(0, client.m1))


def say(what, doing):
    gc.collect()
    gc.disable()
    before, start = gc.mem_alloc(), time.ticks_us()
    doing()
    us, taken = time.ticks_diff(time.ticks_us(), start), gc.mem_alloc() - before
    gc.enable()
    print(json.dumps({"of": what, "bytes": taken, "us": us}))
