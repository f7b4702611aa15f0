"""Provisioning, step by step: on the disk here first, then on the board, then known to be there.

Wherever it ends early, the same command goes on: a key that was kept is sent again, or found there.
"""

import secrets
from dataclasses import dataclass

from lockhil.boards import lockkey
from lockhil.boards.repl import BoardError, Repl
from lockhil.boards.session import visit
from lockhil.session.credentials import KEY_BYTES
from lockrig.clock.computer import now_s
from lockrig.errors import Exit, LockrigError
from lockrig.keystore.store import KeyStore, UnitKeys


@dataclass(frozen=True, slots=True)
class Done:
    """`went_on`: a key that an earlier run kept was used; `clock_set`: the unit's clock is set."""

    unit: str
    epoch: int
    went_on: bool
    clock_set: bool


def provision(console: str, store: KeyStore, *, again: bool) -> Done:
    """Give the unit on this console a key. LockrigError, and what `lockhil.boards` raises."""
    with visit(console) as here:
        found = lockkey.look(here.repl)
        if not found.unit or found.unit == "?":
            raise LockrigError(
                "the board has no label: lockrig flash --unit LABEL gives it one", Exit.USAGE
            )
        unit = found.unit
        keys = store.units.get(unit) or UnitKeys()
        if found.print_ is not None and _is_kept(found.print_, keys):
            lockkey.set_clock(here.repl, now_s())
            return _go_on(store, unit, keys)
        if found.print_ is not None and not again:
            raise LockrigError(
                f"{unit} has a key already; --again gives it another, and then no credential that "
                "anybody has for it is any good"
            )
        went_on = keys.open_question
        if not went_on:
            keys.next_key = secrets.token_bytes(KEY_BYTES)
            keys.next_epoch = keys.epoch + 1 if keys.key else 1
            store.units[unit] = keys
            # Before the board has it: a key that only a lock knows opens it to nobody.
            store.save()
        _put(here.repl, keys)
        keys.confirm()
        store.save()
        return Done(unit, keys.epoch, went_on, clock_set=True)


def _is_kept(print_: str, keys: UnitKeys) -> bool:
    """Whether the board has the key that an earlier run kept for it."""
    return keys.open_question and print_ == lockkey.fingerprint(keys.next_key)


def _go_on(store: KeyStore, unit: str, keys: UnitKeys) -> Done:
    keys.confirm()
    store.save()
    return Done(unit, keys.epoch, went_on=True, clock_set=True)


def _put(repl: Repl, keys: UnitKeys) -> None:
    time_s = now_s()
    lockkey.set_clock(repl, time_s)
    lockkey.put(repl, keys.next_key, keys.next_epoch, time_s)
    if lockkey.look(repl).print_ != lockkey.fingerprint(keys.next_key):
        raise BoardError("what the board stored isn't what was sent")
