"""Whether the unit lived on its battery alone: resets, power, and what fed it.

What the LEDs showed meanwhile is judged in `instrument` and `person`.
"""

from lockjudge import limits
from lockjudge.signals import Press, Signals, Span
from lockjudge.tristate import HOLDS, UNKNOWN, VIOLATED, Check


def _may_overlap(span: Span, press: Press, u_ms: int) -> bool:
    """Whether `span` may reach into the window that begins at `press`."""
    if span.on - press.t_ms - u_ms > limits.WINDOW_MS:
        return False
    if span.off is None or span.off_index is None or span.off_index > press.index:
        return True
    return span.off - press.t_ms + u_ms > 0


def alive(signals: Signals, press: Press, u_ms: int) -> list[Check]:
    """No reset and no loss of power from `press` to the window's end; unrecorded is none."""
    checks = []
    for _, event in signals.of("reset"):
        t = event.t_ms - press.t_ms
        if t + u_ms >= 0 and t - u_ms <= limits.WINDOW_MS:
            sure = t - u_ms >= 0 and t + u_ms <= limits.WINDOW_MS
            checks.append(Check(VIOLATED if sure else UNKNOWN, "the unit was reset", t, "never"))
    for span in signals.spans("power"):
        if span.v == 0 and _may_overlap(span, press, u_ms):
            on = span.on - press.t_ms
            sure = on + u_ms <= limits.WINDOW_MS and (
                span.off is None or span.off - press.t_ms - u_ms > 0
            )
            checks.append(Check(VIOLATED if sure else UNKNOWN, "no power", on, "never"))
    return checks or [Check(HOLDS, "no reset, no loss of power")]


def on_the_battery(signals: Signals, press: Press, u_ms: int) -> list[Check]:
    """`power.source` is `battery` from `press` to the window's end."""
    if not signals.known_at("power.source", press):
        return [Check(UNKNOWN, "nobody recorded what fed the unit (power.source)")]
    checks = [
        Check(UNKNOWN, f"power.source was {span.v}")
        for span in signals.spans("power.source")
        if span.v != "battery" and _may_overlap(span, press, u_ms)
    ]
    return checks or [Check(HOLDS, "on the battery throughout")]
