"""One record as a sheet: what it says, who might act on it, what was measured beside its limits.

The same for the terminal, the printed page and a table; how it looks is theirs. It decides nothing:
a record of the past allows nothing today.
"""

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from lockrig.i18n import _, later
from lockrig.records import words
from lockrig.records.entry import Entry
from lockrig.records.record import Record, unstamp
from lockrig.records.times import local

_VALID_FOR = timedelta(minutes=30)
_DESKS = ("suspected", "twice", "danger", "damaged", "missing")
_STEPS = {
    "signs_again": later("cover off"),
    "wait": later("cover on"),
    "runs": later("registered"),
    "ended": later("ended"),
}


@dataclass(slots=True)
class Sheet:
    """`facts` are pairs of a name and a text; `rows` a table with its `head`."""

    entry: Entry
    big: str
    tone: str
    who: str
    facts: list[tuple[str, str]] = field(default_factory=list)
    head: tuple[str, ...] = ()
    rows: list[tuple[str, ...]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def for_the_desk(self) -> bool:
        """Whether only the service desk may act."""
        return self.entry.verdict in _DESKS


def sheet(
    entry: Entry, body: Record | dict[str, Any] | None, trace: bytes = b"", customer: str = ""
) -> Sheet:
    """The sheet of what was loaded for `entry`; None: nothing could be."""
    verdict = entry.verdict
    until = allowed_until(entry)
    tone = "go" if verdict == "done" else "stop"
    made = Sheet(
        entry,
        _(words.BIG[verdict]).format(until=until),
        # What was allowed is history, and no green light.
        "" if verdict in ("allowed", "withdrawn", "cleared") else tone,
        _(words.WHO[verdict]).format(until=until),
    )
    firmware, ended = "", ""
    if isinstance(body, Record):
        ended = str(body.details.get("ended") or "")
    elif body is not None:
        firmware = str(body.get("firmware") or "")
        ended = str(body["times"].get("ended") or "")
    made.facts = [
        (_("Lock unit"), entry.unit),
        (_("Customer id"), customer or _("not known here")),
        (
            _("What"),
            f"{words.word(words.KINDS, entry.kind)}: {words.word(words.VERDICTS, verdict)}",
        ),
        (_("Began"), local(entry.at, seconds=True)),
        *([(_("Ended"), local(ended, seconds=True))] if ended else []),
        (_("Firmware"), firmware or _("not told: there was no contact with the unit")),
    ]
    if isinstance(body, Record):
        _diagnosis(made, body, trace)
    elif body is not None:
        _change(made, body)
    if entry.problem:
        made.facts.append((_("Damage"), entry.problem))
    made.facts += [
        (_("Record"), entry.id),
        (_("File"), entry.file),
        ("SHA-256", entry.sha256 or "?"),
    ]
    return made


def allowed_until(entry: Entry) -> str:
    """When what the record allowed came to its end; "" if it allowed nothing."""
    return local(unstamp(entry.at) + _VALID_FOR) if entry.verdict == "allowed" else ""


def _diagnosis(made: Sheet, record: Record, trace: bytes) -> None:
    details = record.details
    if record.kind == "cleared":
        made.facts.append((_("By"), _("service desk")))
        made.facts.append((_("Case"), str(details.get("case"))))
    if record.kind != "judged":
        return
    observer, u_ms = _header(trace)
    source = words.word(words.OBSERVERS, observer)
    if u_ms:
        source = _("{observer}; times are good to {u_ms} ms").format(observer=source, u_ms=u_ms)
    made.facts.append((_("Evidence"), source))
    made.facts.append((_("Trace"), str(details.get("trace"))))
    made.facts.append((_("Trace's SHA-256"), str(details.get("trace_sha256"))))
    made.head = (_("condition"), _("state"), _("measured"), _("limit"))
    verdict = details.get("verdict")
    for sequence in _listed(verdict, "sequences"):
        for row in _listed(sequence, "conditions"):
            unit, measured = str(row.get("unit") or ""), row.get("measured")
            made.rows.append(
                (
                    words.word(words.CONDITIONS, row.get("name")),
                    words.word(words.STATES, row.get("state")),
                    "" if measured is None else f"{measured} {unit}",
                    words.limit(str(row.get("limit") or ""), unit),
                )
            )
    doubts = verdict.get("doubts") if isinstance(verdict, dict) else None
    # What the procedure doubted is in the catalogue, what the judge did isn't.
    made.notes += [_(str(doubt)) for doubt in doubts or [] if str(doubt)]


def _change(made: Sheet, body: dict[str, Any]) -> None:
    # The words of a battery change stand with it.
    from lockrig.battery.receipt import lines  # noqa: PLC0415

    made.facts.append((_("By"), _("service desk") if body.get("case") else _("staff")))
    if body.get("case"):
        made.facts.append((_("Case"), str(body["case"])))
    for key, text in _STEPS.items():
        if key in body["times"]:
            made.facts.append((_(text), local(str(body["times"][key]), seconds=True)))
    if made.entry.verdict != "open":
        made.notes += [line for line in lines(body) if not line.startswith("---")]
    runs = body.get("runs")
    listed = runs.get("all") if isinstance(runs, dict) else runs
    made.head = (_("run"), _("result"), _("counted"), _("weakest cell"), _("deg. C"))
    for run in listed if isinstance(listed, list) else []:
        if isinstance(run, dict):
            mv = run.get("low_cell_mv")
            made.rows.append(
                (
                    str(run.get("method")),
                    str(run.get("result")),
                    _("yes") if run.get("counted") else _("no: {why}").format(why=run.get("why")),
                    "?" if mv is None else f"{mv} mV",
                    "?" if run.get("temp_c") is None else str(run["temp_c"]),
                )
            )


def _header(trace: bytes) -> tuple[str, int]:
    """Who observed, and the uncertainty of the times in ms, as the trace's first line has it."""
    try:
        header = json.loads(trace.split(b"\n", 1)[0])
        u_ms = header.get("t_uncertainty_ms")
        return str(header.get("observer")), u_ms if type(u_ms) is int else 0
    except (ValueError, AttributeError, RecursionError):
        return "?", 0


def _listed(value: object, key: str) -> list[dict[str, Any]]:
    inner = value.get(key) if isinstance(value, dict) else None
    return [item for item in inner if isinstance(item, dict)] if isinstance(inner, list) else []
