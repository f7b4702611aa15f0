"""The one table of the link's methods: who may call each, with what, and how it may end.

Handlers, clients, documentation and fuzzers are made from it; no method exists beside it.
"""

from lockunit.life import SERVICE
from lockunit.proof import ROLES
from lockunit.settings import KIND_DOOR, KIND_ENTRANCE, KIND_LAUNDRY, KINDS
from lockunit.swap import DIAGNOSED, GATES

# Sessions aren't sealed yet: every role is open.
OPEN = "open"

# What a unit answers that was taken down, to all but the service: to each method that names it.
DISMOUNTED = "DISMOUNTED"

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
_ROLE = ("role", str, True, ROLES)
_SERVICE = (("role", str, True, (SERVICE,)),)


class Method:
    """One row: `params` are (name, type, needed, allowed) each, `results` the typed results.

    `allowed`: the words of a str, the least and the most of an int; () for any.
    """

    def __init__(
        self,
        role: str,
        kinds: "tuple[str, ...]",
        params: "tuple[tuple[str, type, bool, tuple[int | str, ...]], ...]",
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
    "unit.hello": Method(OPEN, KINDS, (), (), "who the unit is, and what it runs"),
    "bolt.state": Method(OPEN, KINDS, (), (), "where the bolt and the door are"),
    "bolt.lock": Method(OPEN, _DOOR, (), _MOVES, "throws the bolt"),
    "bolt.unlock": Method(OPEN, _DOOR, (), _MOVES, "withdraws the bolt"),
    "bolt.release": Method(OPEN, _STREET, (), _MOVES, "withdraws the bolt, then throws it again"),
    "battery.report": Method(OPEN, KINDS, (), (), "the level, its ground, the last readings"),
    "swap.state": Method(OPEN, KINDS, (), (), "where a change of the battery is"),
    "swap.begin": Method(
        OPEN,
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
        "begins a battery change, before the cover comes off",
    ),
    "swap.adopt": Method(
        OPEN,
        KINDS,
        (_ROLE, ("gate", str, True, (DIAGNOSED,)), ("ago_s", int, True, (0, 86_400))),
        ("done", "OPEN", "NOT_AUTHORISED", "NOT_REMOVED", "STORAGE", DISMOUNTED),
        "takes up a battery change that began without contact",
    ),
    "battery.replaced": Method(
        OPEN,
        KINDS,
        (_ROLE, ("confirmed", bool, True, (True,))),
        ("done", "NOT_BEGUN", "NOT_REMOVED", "NOT_AUTHORISED", "STORAGE", DISMOUNTED),
        "registers the new pack: from now on runs are counted",
    ),
    "swap.close": Method(
        OPEN,
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
        "ends a battery change: the new pack shows under load that it is good",
    ),
    "swap.cancel": Method(
        OPEN,
        KINDS,
        (_ROLE,),
        ("done", "NOT_BEGUN", "NOT_AUTHORISED", "STORAGE", DISMOUNTED),
        "gives a battery change up",
    ),
    "selftest.start": Method(OPEN, KINDS, (), ("done", "BUSY", DISMOUNTED), "as the push button"),
    "selftest.last": Method(OPEN, KINDS, (), (), "what the last diagnostic found"),
    "journal.read": Method(
        OPEN,
        KINDS,
        (("after", int, False, ()),),
        (),
        "some records, from the one after a number on",
    ),
    "journal.ack": Method(
        OPEN,
        KINDS,
        (("upto", int, True, ()),),
        _ACKS,
        "everything up to a number needn't be kept",
    ),
    "unit.life": Method(OPEN, KINDS, _SERVICE, (), "whose lock it is"),
    "unit.couple": Method(
        OPEN,
        KINDS,
        (_SERVICE[0], ("customer", str, False, ())),
        ("done", "BUSY", "COUPLED", "STORAGE"),
        "becomes a customer's lock, or a house's",
    ),
    "unit.move": Method(
        OPEN,
        KINDS,
        _SERVICE,
        ("done", "BUSY", "NOT_COUPLED", "UNREAD", "STORAGE"),
        "forgets the customer; what is known of the battery stays",
    ),
    "unit.dismount": Method(
        OPEN,
        _DOOR,
        _SERVICE,
        ("done", "BUSY", "UNREAD", "STORAGE"),
        "forgets the customer, and works for the service alone",
    ),
}

NOTIFICATIONS = {
    "unit.boot": "the unit started, and why",
    "bolt.moved": "a run of the motor ended, or a hand moved the bolt",
    "battery.level": "the level changed, or whether it is fresh",
    "swap.step": "a battery change went on, or a run didn't count",
    "storage.refused": "a store is corrupt, or couldn't be written",
    "selftest.step": "the diagnostic was pressed, started or done",
}
