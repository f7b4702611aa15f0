"""The one table of the link's methods: who may call each, with what, and how it may end.

Handlers, clients and fuzzers are made from it, docs/link.md is checked against it; no method exists
beside it.
"""

from lockunit.life import SERVICE as AS_SERVICE
from lockunit.proof import ROLES as CAPACITIES
from lockunit.settings import KIND_DOOR, KIND_ENTRANCE, KIND_LAUNDRY, KINDS
from lockunit.swap import DIAGNOSED, GATES

# Who may call a method: anybody, or a session of that role or of one behind it.
ROLES = ("open", "carer", "technician", "service")
OPEN, CARER, TECHNICIAN, SERVICE = range(4)

# What a unit answers that was taken down, to all but the service: to each method that names it.
DISMOUNTED = "DISMOUNTED"
# Where a session's role isn't enough for the capacity in which somebody acts.
NOT_AUTHORISED = "NOT_AUTHORISED"

_DOOR = (KIND_DOOR,)
_STREET = (KIND_ENTRANCE, KIND_LAUNDRY)
_MOVES = (
    "done",
    "MOTOR_BLOCKED",
    "LOW_MOTOR_VOLTAGE",
    "INSUFFICIENT_BATTERY",
    "BUSY",
    "TIMEOUT",
    DISMOUNTED,
)
_ACKS = ("done", "FUTURE", "STORAGE")
# In which capacity somebody acts; in a session it mustn't be beyond its role.
_ROLE = ("role", str, True, CAPACITIES)
_SERVICE = (("role", str, True, (AS_SERVICE,)),)
_NUMBER = (0, 0xFFFFFFFF)
_TIME = ("time_s", int, True, _NUMBER)
_S = ("s", int, True, _NUMBER)
# Of an update: the bytes of its manifest, and of each of its files; how filling a slot may end.
_MOST_MANIFEST, _MOST_BYTES = 24_576, 1 << 20
_FILE = ("file", int, True, (0, 255))
_FILLED = ("done", "BUSY", "NOT_BEGUN", "WRONG_PLACE", "STORAGE")


class Method:
    """One row: `params` are (name, type, needed, allowed) each, `results` the typed results.

    `allowed`: the words of a str, the least and the most of an int; () for any.
    """

    def __init__(
        self,
        role: int,
        kinds: "tuple[str, ...]",
        params: "tuple[tuple[str, type, bool, tuple[int | str, ...]], ...]",
        results: "tuple[str, ...]",
    ) -> None:
        self.role = role
        self.kinds = kinds
        self.params = params
        self.results = results

    def wrong(self, given: "dict[str, object]") -> str:
        """What is wrong with the params given; "" if nothing is."""
        known = [row[0] for row in self.params]
        unknown = [name for name in given if name not in known]
        if unknown:
            # One of several, the same on every interpreter: MicroPython's dicts keep no order.
            return "unknown: " + min(unknown)[:40]
        for name, kind, needed, allowed in self.params:
            if name not in given:
                if needed:
                    return "missing: " + name
                continue
            value = given[name]
            if type(value) is not kind:
                return name + ": expected " + kind.__name__
            if not allowed:
                continue
            if isinstance(value, int) and kind is int:
                if not int(allowed[0]) <= value <= int(allowed[1]):
                    return name + ": expected " + str(allowed[0]) + " to " + str(allowed[1])
            elif value not in allowed:
                return name + ": expected " + " or ".join([str(word) for word in allowed])
        return ""


METHODS = {
    "unit.hello": Method(OPEN, KINDS, (), ()),
    "session.begin": Method(
        OPEN,
        KINDS,
        (("m1", str, True, ()),),
        ("done", "UNPROVISIONED", "STORAGE", "VERSION", "WRONG_UNIT"),
    ),
    "session.prove": Method(
        OPEN,
        KINDS,
        (_S, ("proof", str, True, ())),
        (
            "done",
            "STALE",
            "NOT_PROVED",
            "BUSY",
            "STORAGE",
            "EPOCH",
            NOT_AUTHORISED,
            "EXPIRED",
            "NOT_YET",
        ),
    ),
    "clock.token": Method(
        OPEN,
        KINDS,
        (_S, _TIME, ("flags", int, True, (0, 1)), ("tag", str, True, ())),
        ("done", "STALE", "NOT_PROVED", "RANGE", "STORAGE"),
    ),
    "clock.state": Method(TECHNICIAN, KINDS, (), ()),
    "clock.set": Method(TECHNICIAN, KINDS, (_TIME,), ("done", NOT_AUTHORISED, "RANGE", "STORAGE")),
    "epoch.bump": Method(SERVICE, KINDS, (), ("done", "UNPROVISIONED", "STORAGE")),
    "maintenance.enter": Method(SERVICE, KINDS, (), ("done", "BUSY", "UNPROVISIONED", "STORAGE")),
    "update.state": Method(SERVICE, KINDS, (), ()),
    "update.begin": Method(
        SERVICE,
        KINDS,
        (
            ("unit", str, True, ()),
            ("board", str, True, ()),
            ("version", str, True, ()),
            ("downgrade", int, True, (0, 1)),
            ("room", int, True, _NUMBER),
            ("manifest", str, True, ()),
            ("size", int, True, (1, _MOST_MANIFEST)),
            ("tag", str, True, ()),
        ),
        (
            "done",
            "UNPROVISIONED",
            "NOT_PROVED",
            "WRONG_UNIT",
            "WRONG_BOARD",
            "OLDER",
            "BUSY",
            "FULL",
            "STORAGE",
        ),
    ),
    "update.write": Method(
        SERVICE,
        KINDS,
        (_FILE, ("at", int, True, (0, _MOST_BYTES)), ("data", str, True, ())),
        _FILLED + ("WRONG_DATA", "WRONG_MANIFEST"),
    ),
    "update.keep": Method(SERVICE, KINDS, (_FILE,), _FILLED + ("DIFFERENT",)),
    "update.finish": Method(SERVICE, KINDS, (), _FILLED + ("NOT_VERIFIED",)),
    "update.cancel": Method(SERVICE, KINDS, (), ("done", "BUSY", "NOT_BEGUN")),
    "update.confirm": Method(SERVICE, KINDS, (), ("done", "NO_TRIAL", "STORAGE")),
    "bolt.state": Method(CARER, KINDS, (), ()),
    "bolt.lock": Method(CARER, _DOOR, (), _MOVES),
    "bolt.unlock": Method(CARER, _DOOR, (), _MOVES),
    "bolt.release": Method(CARER, _STREET, (), _MOVES),
    "battery.report": Method(OPEN, KINDS, (), ()),
    "swap.state": Method(CARER, KINDS, (), ()),
    "swap.begin": Method(
        CARER,
        KINDS,
        (_ROLE, ("gate", str, True, GATES)),
        (
            "done",
            "BUSY",
            "OPEN",
            "NOT_AUTHORISED",
            "NOT_FRESH",
            "NO_DIAGNOSTIC",
            "STORAGE",
            DISMOUNTED,
        ),
    ),
    "swap.adopt": Method(
        CARER,
        KINDS,
        (_ROLE, ("gate", str, True, (DIAGNOSED,)), ("ago_s", int, True, (0, 86_400))),
        ("done", "OPEN", "NOT_AUTHORISED", "NOT_REMOVED", "STORAGE", DISMOUNTED),
    ),
    "battery.replaced": Method(
        CARER,
        KINDS,
        (_ROLE, ("confirmed", bool, True, (True,))),
        ("done", "NOT_BEGUN", "NOT_REMOVED", "NOT_AUTHORISED", "STORAGE", DISMOUNTED),
    ),
    "swap.close": Method(
        CARER,
        KINDS,
        (_ROLE,),
        (
            "done",
            "BUSY",
            "NOT_BEGUN",
            "NOT_COUNTED",
            "NOT_AUTHORISED",
            "INSUFFICIENT_BATTERY",
            "STORAGE",
            DISMOUNTED,
        ),
    ),
    "swap.cancel": Method(
        CARER, KINDS, (_ROLE,), ("done", "NOT_BEGUN", "NOT_AUTHORISED", "STORAGE", DISMOUNTED)
    ),
    "selftest.start": Method(CARER, KINDS, (), ("done", "BUSY", DISMOUNTED)),
    "selftest.last": Method(CARER, KINDS, (), ()),
    "journal.read": Method(TECHNICIAN, KINDS, (("after", int, False, ()),), ()),
    "journal.ack": Method(TECHNICIAN, KINDS, (("upto", int, True, ()),), _ACKS),
    "unit.life": Method(TECHNICIAN, KINDS, _SERVICE, ()),
    "unit.couple": Method(
        SERVICE,
        KINDS,
        (_SERVICE[0], ("customer", str, False, ())),
        ("done", "BUSY", "COUPLED", "STORAGE"),
    ),
    "unit.move": Method(
        SERVICE, KINDS, _SERVICE, ("done", "BUSY", "NOT_COUPLED", "UNREAD", "STORAGE")
    ),
    "unit.dismount": Method(SERVICE, _DOOR, _SERVICE, ("done", "BUSY", "UNREAD", "STORAGE")),
}

NOTIFICATIONS = (
    "unit.boot",
    "bolt.moved",
    "battery.level",
    "swap.step",
    "storage.refused",
    "selftest.step",
)
