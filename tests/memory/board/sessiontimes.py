# Runs under MicroPython: how long the parts of a sealed session take, and an unlock from its line
# to the motor, sealed beside unsealed. Each round does all of them, one behind the other, so that
# what else the machine does meanwhile meets all alike.

import gc
import json
import time

from sealing import LINE, LONG, Board, Client

from lockunit import ccm, crypto, lockkey
from lockunit.access import Access
from lockunit.board import EV_BOLT, EV_RX
from lockunit.link import base64
from lockunit.session import Session
from lockunit.settings import Settings
from lockunit.unit import Unit

KEY = bytes(32)
NONCE = bytes(13)
LOCK = LINE.replace(b"unlock", b"lock")


class Door(Board):
    """Notes when its motor starts; keeps what it sends."""

    def motor(self, direction):
        if direction:
            self.on_us = time.ticks_us()
        self.direction = direction

    def send(self, line, wire=0):
        self.sent = line


class Bed:
    """A unit whose bolt goes to and fro."""

    def __init__(self, key):
        self.board = Door()
        self.board.door_is = 1  # nothing locks by itself
        if key:
            for name, data in lockkey.provisions(KEY, 1, 1_700_000_000):
                self.board.store(name, data)
        self.unit = Unit(self.board, Settings(), 0)
        self.client = None
        if key:
            self.client = Client(self.unit.access)
            self.client.enter(self.unit.wires.links[0].session)

    def line(self, plain):
        if self.client is None:
            return plain + b"\n"
        n, sealed = self.client.line(plain)
        told = {"s": self.client.number, "n": n, "c": base64(sealed)}
        return json.dumps(told).encode() + b"\n"

    def move(self, plain, end):
        """The us from the line to the motor."""
        line = self.line(plain)
        gc.collect()
        began = time.ticks_us()
        self.unit.event(0, EV_RX, line)
        assert self.board.direction, self.board.sent
        us = time.ticks_diff(self.board.on_us, began)
        self.board.ends = end
        self.unit.event(0, EV_BOLT, end)
        assert not self.board.direction
        return us


def begin(rounds, so_often):
    global left, each, beds, steps, times
    # A clock of whole ms shows what is short by its repetition alone.
    left, each = rounds, so_often
    beds = {"unlock, in the open": Bed(False), "unlock, sealed": Bed(True)}
    steps = made()
    times = {name: [] for name in list(beds) + list(steps)}


def made():
    """The parts by name, each a call without arguments."""
    board = Board()
    for name, data in lockkey.provisions(KEY, 1, 1_700_000_000):
        board.store(name, data)
    access = Access(board, 0)
    session = Session(access)
    client = Client(access)
    aes = board.aes(bytes(16))
    short, long = ccm.seal(aes, NONCE, LINE, NONCE), ccm.seal(aes, NONCE, LONG, NONCE)

    def prove():
        # M1 first: a handshake is proved once.
        chance = session.begin(0, client.m1)[:20]
        found = session._handshake
        proof = crypto.hmac(board, found._key, b"C" + client.m1 + chance)
        began = time.ticks_us()
        assert session.prove(0, found.number, proof) == "done"
        us = time.ticks_diff(time.ticks_us(), began)
        access.notes.clear()
        return us

    return {
        "SHA-256 of 64 bytes": lambda: board.sha256(LONG[:64]),
        "HMAC of 115 bytes": lambda: crypto.hmac(board, KEY, LONG[:115]),
        "HKDF, 16 bytes": lambda: crypto.expand(
            board, crypto.extract(board, KEY, KEY), b"lockrig1 c2l", 16
        ),
        "M1": lambda: session.begin(0, client.m1),
        "proof": prove,
        "CCM open, 59 bytes": lambda: ccm.unseal(aes, NONCE, short, NONCE),
        "CCM seal, 59 bytes": lambda: ccm.seal(aes, NONCE, LINE, NONCE),
        "CCM open, 730 bytes": lambda: ccm.unseal(aes, NONCE, long, NONCE),
        "CCM seal, 730 bytes": lambda: ccm.seal(aes, NONCE, LONG, NONCE),
    }


def tick():
    global left
    for name, bed in beds.items():
        times[name].append(bed.move(LINE, 2))
        bed.move(LOCK, 1)
    for name, step in steps.items():
        gc.collect()
        us = 0
        began = time.ticks_us()
        for _ in range(each):
            told = step()
            us += told if isinstance(told, int) else 0
        us = us or time.ticks_diff(time.ticks_us(), began)
        times[name].append(us // each)
    left -= 1
    if not left:
        for name, us in times.items():
            print(json.dumps({"of": name, "us": us}))
    return left > 0
