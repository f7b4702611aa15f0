"""How a unit's clock is told, and what to do where the unit refuses to set it.

Times are in UTC: no zone of the computer's is mistaken for another one's.
"""

from lockrig.clock.asking import Seen
from lockrig.credential.times import shown
from lockrig.errors import Exit, LockrigError
from lockrig.i18n import _, later

_SPANS = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))

_BELOW = later(
    "the unit knows that it is later than {bound}, and this computer says {time}. "
    "If this computer is right, lower it by the key store: --set --lower, without --credential"
)
_REFUSED = {
    "NOT_AUTHORISED": later(
        "the unit sets its clock by a credential only if it knew the time when it let that in. "
        "Set it by the key store of whoever provisioned it: --set, without --credential"
    ),
    "RANGE": later(
        "the unit takes no time so far ahead of its own from a credential, or none that is before "
        "what it knows. If this computer is right, set it by the key store: --set, without "
        "--credential"
    ),
    "STORAGE": later("the unit can't store its clock's lower bound: call the service desk"),
    "STALE": later("somebody else on the link came in between: run it again"),
    "NOT_PROVED": later("the token was altered on its way to the unit: run it again"),
}
_AGAIN = ("STALE", "NOT_PROVED")


def lines(unit: str, seen: Seen) -> list[str]:
    """A unit's clock beside this computer's."""
    clock = _("not known") if seen.time_s is None else f"{shown(seen.time_s)}, {off(seen)}"
    bound = _("nothing") if seen.bound_s is None else shown(seen.bound_s)
    return [
        _("Lock unit: {unit}").format(unit=unit),
        _("Its clock: {clock}").format(clock=clock),
        _("This computer's: {time}").format(time=shown(seen.computer_s)),
        _("For certain the unit knows that it is later than: {bound}").format(bound=bound),
    ]


def off(seen: Seen | None) -> str:
    """How far a unit's clock is from this computer's."""
    if seen is None or seen.ahead_s is None:
        return _("not known")
    if abs(seen.ahead_s) <= 1:
        return _("the same")  # both tell whole seconds
    how = _("{span} ahead") if seen.ahead_s > 0 else _("{span} behind")
    return how.format(span=span(seen.ahead_s))


def span(seconds: int) -> str:
    """A difference without its sign, in the largest unit that it has and the next."""
    rest = abs(seconds)
    counts = []
    for size, unit in _SPANS:
        counts.append((rest // size, unit))
        rest %= size
    first = next((n for n, (count, unit) in enumerate(counts) if count), len(counts) - 1)
    return " ".join(f"{count} {unit}" for count, unit in counts[first : first + 2])


def refusal(result: str, before: Seen | None, time_s: int) -> LockrigError:
    """Why the unit's clock wasn't set to `time_s`, and what to do next."""
    below = before is not None and before.bound_s is not None and time_s < before.bound_s
    if result == "RANGE" and below:
        assert before is not None
        assert before.bound_s is not None
        told = _(_BELOW).format(bound=shown(before.bound_s), time=shown(time_s))
    elif result in _REFUSED:
        told = _(_REFUSED[result])
    else:
        told = _("the unit refuses: {result}").format(result=result)
    return LockrigError(told, Exit.NO_CONTACT if result in _AGAIN else Exit.FAILED)
