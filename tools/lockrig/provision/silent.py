"""A console that says nothing: it may be closed because its unit has got its key already.

The link tells: whoever has a key proves it in the handshake's second message, before anybody has
to prove anything to it, so nothing is opened here.
"""

import base64
import time

from lockhil.client import Link, LinkTimeoutError, RpcError
from lockhil.session.credentials import Grant, LockKey, Role
from lockhil.session.handshake import Handshake, HandshakeError
from lockhil.targets.realclock import ContactLostError, SerialTransport
from lockrig.errors import LockrigError
from lockrig.keystore.store import KeyStore
from lockrig.provision.procedure import Done

_ASK_MS = 3_000


def found_on_link(store: KeyStore, url: str | None) -> Done | None:
    """If the unit on the link has the key that is kept for it: that, noted as known.

    None: there is no link, or nobody sealed on it. LockrigError: it has another key.
    """
    if url is None:
        return None
    began = time.monotonic()
    try:
        transport = SerialTransport(url, lambda: int((time.monotonic() - began) * 1_000))
    except ContactLostError:
        return None
    try:
        link = Link(transport, first_id=int(began))
        link.send_raw(b"\n")
        hello = link.call("unit.hello", timeout_ms=_ASK_MS)
        if hello.get("sealed") is not True:
            return None
        return _asked(store, link, str(hello.get("unit")))
    except (LinkTimeoutError, RpcError, ContactLostError):
        return None
    finally:
        transport.close()


def proves(link: Link, unit: str, key: bytes, epoch: int) -> bool:
    """Whether the unit on the link has this key. RpcError, LinkTimeoutError, ContactLostError."""
    now_s = int(time.time())
    grant = Grant(epoch, b"\0" * 16, Role.SERVICE, now_s, now_s)
    handshake = Handshake(LockKey(key).credential(unit, grant))
    told = link.call(
        "session.begin", timeout_ms=_ASK_MS, m1=base64.b64encode(handshake.m1).decode()
    )
    try:
        handshake.answer(base64.b64decode(str(told.get("m2", "")), validate=True))
    except (HandshakeError, ValueError):
        return False
    return True


def _asked(store: KeyStore, link: Link, unit: str) -> Done | None:
    keys = store.units.get(unit)
    if keys is None or not (keys.key or keys.next_key):
        raise LockrigError(
            f"{unit} has a key that isn't in this key store; its console is closed: open it for "
            "one start by lockrig maintenance, with a service credential"
        )
    if keys.open_question and proves(link, unit, keys.next_key, keys.next_epoch):
        keys.confirm()
        store.save()
        return Done(unit, keys.epoch, went_on=True, clock_set=False)
    raise LockrigError(
        f"{unit} has a key already, and its console is closed: open it for one start by lockrig "
        "maintenance, then provision it with --again"
    )
