"""The one table of the link's methods: who may call each, with what, and how it may end.

Handlers, clients, documentation and fuzzers are made from it; no method exists beside it.
"""

from lockunit.settings import KIND_DOOR, KIND_ENTRANCE, KIND_LAUNDRY, KINDS

# Sessions aren't sealed yet: every role is open.
OPEN = "open"

_STREET = (KIND_ENTRANCE, KIND_LAUNDRY)
_MOVES = (
    "done",
    "MOTOR_BLOCKED",
    "LOW_MOTOR_VOLTAGE",
    "INSUFFICIENT_BATTERY",
    "BUSY",
    "TIMEOUT",
)
_ACKS = ("done", "FUTURE", "STORAGE")


class Method:
    """One row: `params` are (name, type, needed) each, `results` the typed results."""

    def __init__(
        self,
        role: str,
        kinds: "tuple[str, ...]",
        params: "tuple[tuple[str, type, bool], ...]",
        results: "tuple[str, ...]",
        tells: str,
    ) -> None:
        self.role = role
        self.kinds = kinds
        self.params = params
        self.results = results
        self.tells = tells

    def wrong(self, given: "dict[str, object]") -> str:
        """What is wrong with the params given; "" if nothing is."""
        known = [name for name, _, _ in self.params]
        unknown = [name for name in given if name not in known]
        if unknown:
            # One of several, the same on every interpreter: MicroPython's dicts keep no order.
            return "unknown: " + min(unknown)[:40]
        for name, kind, needed in self.params:
            if name not in given:
                if needed:
                    return "missing: " + name
            elif type(given[name]) is not kind:
                return name + ": expected " + kind.__name__
        return ""


METHODS = {
    "unit.hello": Method(OPEN, KINDS, (), (), "who the unit is, and what it runs"),
    "bolt.state": Method(OPEN, KINDS, (), (), "where the bolt and the door are"),
    "bolt.lock": Method(OPEN, (KIND_DOOR,), (), _MOVES, "throws the bolt"),
    "bolt.unlock": Method(OPEN, (KIND_DOOR,), (), _MOVES, "withdraws the bolt"),
    "bolt.release": Method(OPEN, _STREET, (), _MOVES, "withdraws the bolt, then throws it again"),
    "battery.report": Method(OPEN, KINDS, (), (), "the level, its ground, the last readings"),
    "swap.close": Method(
        OPEN,
        KINDS,
        (("role", str, True),),
        ("done", "BUSY", "NOT_AUTHORISED", "INSUFFICIENT_BATTERY"),
        "ends a battery change: the new pack shows under load that it is good",
    ),
    "selftest.start": Method(OPEN, KINDS, (), ("done", "BUSY"), "as the push button"),
    "selftest.last": Method(OPEN, KINDS, (), (), "what the last diagnostic found"),
    "journal.read": Method(
        OPEN, KINDS, (("after", int, False),), (), "some records, from the one after a number on"
    ),
    "journal.ack": Method(
        OPEN, KINDS, (("upto", int, True),), _ACKS, "everything up to a number needn't be kept"
    ),
}

NOTIFICATIONS = {
    "unit.boot": "the unit started, and why",
    "bolt.moved": "a run of the motor ended, or a hand moved the bolt",
    "battery.level": "the level changed, or whether it is fresh",
    "storage.refused": "a store is corrupt, or couldn't be written",
    "selftest.step": "the diagnostic was pressed, started or done",
}
