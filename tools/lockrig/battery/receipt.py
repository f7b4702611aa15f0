"""The receipt of a battery change: what was done to which unit, on what grounds, with what result.

No names stand in it. The document is English and the same for every reader; its text is told.
"""

from typing import Any

from lockrig.battery.change import DOOR
from lockrig.battery.course import Course
from lockrig.battery.wording import GROUNDS, LEVELS, word
from lockrig.diagnose.screens import wrap
from lockrig.i18n import _, later
from lockrig.records.record import stamp

_GATES = {
    "fresh": later("fresh contact, level {level}, nothing suspected"),
    "diagnosed": later("the push-button diagnosis passed"),
    "desk": later("the service desk's case {case}; suspicion: {suspicion}"),
    "": later("not on this computer"),
}
_RESULTS = {
    "done": later("changed, and proved good under load"),
    "cancelled": later("given up"),
    "danger": later("stopped: signs of danger"),
    "forgotten": later("not finished: the unit doesn't know of it any more"),
}
_LOAD = ("last_loaded_mv", "last_rest_mv", "temp_c", "supply")


def document(course: Course, target: str | None, training: bool) -> dict[str, Any]:
    """The receipt as JSON takes it; times are UTC, voltages in mV, temperatures in degrees C."""
    change, gate = course.change, course.change.gate
    return {
        "unit": change.unit,
        "kind": change.kind,
        "firmware": change.firmware,
        "target": target,
        "training": training,
        "role": change.role,
        "case": change.case or None,
        "result": change.result,
        "gate": None
        if gate is None
        else {
            "kind": gate.kind,
            "at": stamp(gate.at),
            "record": gate.record or None,
            "evidence": gate.evidence,
            "handed_over": change.adopted,
        },
        "times": change.times,
        "runs": {
            "locks": change.locks,
            "unlocks": change.unlocks,
            "all": list(change.runs),
        },
        "load": {
            key: change.load[key] for key in ("level", "ground", *_LOAD) if key in change.load
        },
        "registered": "runs" in change.times,
    }


def lines(document: dict[str, Any]) -> list[str]:
    """The receipt for the eye."""
    gate, runs, load = document["gate"] or {}, document["runs"], document["load"]
    evidence = gate.get("evidence", {})
    why = _(_GATES[gate.get("kind", "")]).format(
        level=word(LEVELS, str(evidence.get("level", ""))),
        case=document["case"],
        suspicion=word(GROUNDS, str(evidence.get("suspicion", ""))),
    )
    times = document["times"]
    told = [
        _("--- receipt ---"),
        _("Lock unit: {unit}").format(unit=document["unit"]),
        _("Result: {result}").format(result=word(_RESULTS, document["result"])),
        _("By: {role}").format(role=_("service desk") if document["case"] else _("staff")),
        _("What allowed it: {why}").format(why=why),
        *_hours(times),
    ]
    counted = (
        _("Runs: locked {locks}, unlocked {unlocks}; not counted {uncounted}")
        if document["kind"] in ("", DOOR)
        else _("Runs: opened {unlocks}; not counted {uncounted}")
    )
    uncounted = sum(not run["counted"] for run in runs["all"])
    counts = {"locks": runs["locks"], "unlocks": runs["unlocks"], "uncounted": uncounted}
    told.append(counted.format(**counts))
    if load:
        text = _(
            "New pack: {level}; weakest cell {loaded} mV under load, pack {rest} mV at rest, "
            "{temp} degrees C"
        )
        told.append(
            text.format(
                level=word(LEVELS, str(load.get("level"))),
                loaded=_known(load.get("last_loaded_mv")),
                rest=_known(load.get("last_rest_mv")),
                temp=_known(load.get("temp_c")),
            )
        )
    return [*wrap(*told), "---"]


def _hours(times: dict[str, str]) -> list[str]:
    """When it was opened, closed, registered and ended."""
    words = (
        ("signs_again", _("cover off")),
        ("wait", _("cover on")),
        ("runs", _("registered")),
        ("ended", _("ended")),
    )
    told = [f"{text} {times[key][11:16]}" for key, text in words if key in times]
    day = times.get("ended", "")[:10]
    return [_("Times (UTC, {day}): {times}").format(day=day, times=", ".join(told))]


def _known(value: object) -> str:
    return "?" if value is None else str(value)
