"""A conformance run as data: what was tested, where, with which result; JSON in and out.

It says nothing of how a report looks (`html`, `summary`) or of what it proves (`matrix`).
"""

import json
import math
from dataclasses import MISSING, asdict, dataclass, field, fields, is_dataclass
from pathlib import Path
from typing import Any, NoReturn, get_args, get_origin, get_type_hints

from lockhil.report import text

FORMAT = "lockrig-report/1"
OUTCOMES = ("passed", "failed", "not_run")
Number = int | float


class NotAReportError(ValueError):
    """The file is no report of this format; the message says what was expected and what came."""


@dataclass(slots=True)
class Measurement:
    """One measured value beside its limits, both inclusive, all three in `unit`."""

    name: str
    value: int | float | None
    unit: str
    at_least: int | float | None
    at_most: int | float | None
    ok: bool
    marginal: bool
    """Within the limits, but nearer to one than a tenth of their width."""
    requirement: str | None
    channel: str | None = None
    """The trace's channel that it was measured on; with `from_ms` it is drawn there."""
    from_ms: int | None = None
    """For a duration: the trace's time that it counts from."""
    at_ms: int | None = None
    """The trace's time at which the value was settled."""

    @classmethod
    def of(
        cls,
        name: str,
        value: Number | None,
        unit: str,
        *,
        at_least: Number | None = None,
        at_most: Number | None = None,
        requirement: str | None = None,
        channel: str | None = None,
        from_ms: int | None = None,
        at_ms: int | None = None,
    ) -> "Measurement":
        """A measurement judged by its limits; a value that is None or not finite is never ok."""
        if value is not None and not math.isfinite(value):
            value = None
        ok = (
            value is not None
            and (at_least is None or value >= at_least)
            and (at_most is None or value <= at_most)
        )
        marginal = ok and value is not None and _is_marginal(value, at_least, at_most)
        return cls(
            name, value, unit, at_least, at_most, ok, marginal, requirement, channel, from_ms, at_ms
        )


def _is_marginal(value: Number, at_least: Number | None, at_most: Number | None) -> bool:
    if at_least is not None and at_most is not None:
        width = at_most - at_least
    else:
        # A single limit's width is its distance from nothing at all.
        width = abs(next((limit for limit in (at_least, at_most) if limit is not None), 0))
    margin = width / 10
    if margin < 1 and all(isinstance(n, int) for n in (value, at_least, at_most) if n is not None):
        return False  # two blinks where one or two are allowed aren't a narrow escape
    return (at_least is not None and value < at_least + margin) or (
        at_most is not None and value > at_most - margin
    )


@dataclass(slots=True)
class Result:
    """One test on one target, run once. It is never better than its measurements."""

    test: str
    """The node id without the target."""
    title: str
    target: str
    requirements: list[str]
    outcome: str
    """One of OUTCOMES."""
    reason: str = ""
    """Why it failed or was not run: one line."""
    detail: str = ""
    duration_s: int | float = 0
    repeat: int = 1
    """Which repetition this is, from 1."""
    measurements: list[Measurement] = field(default_factory=list)
    trace: str | None = None
    """The trace's path, relative to the report's folder."""

    def __post_init__(self) -> None:
        if self.outcome not in OUTCOMES:
            raise ValueError(f"expected an outcome of {', '.join(OUTCOMES)}, got {self.outcome!r}")
        outside = [m for m in self.measurements if not m.ok]
        if self.outcome == "passed" and outside:
            self.outcome = "failed"
            self.reason = text.measured(outside[0])


@dataclass(slots=True)
class Firmware:
    """What ran on the units; `path_given` says that it wasn't the repository's own."""

    version: str
    sha256: str
    path_given: bool = False


@dataclass(slots=True)
class Target:
    """Where tests ran; `clock` is virtual or real."""

    name: str
    kind: str
    clock: str
    unit: str | None = None
    seed: int | str | None = None


@dataclass(slots=True)
class Report:
    """A whole run."""

    created_utc: str
    lockrig_version: str
    command: str
    firmware: Firmware
    targets: list[Target]
    results: list[Result]
    format: str = FORMAT

    @property
    def verdict(self) -> str:
        """One of OUTCOMES: failed if anything failed, passed only if something passed."""
        found = {result.outcome for result in self.results}
        return next((o for o in ("failed", "passed") if o in found), "not_run")

    def count(self, outcome: str, target: str | None = None) -> int:
        """How many results have that outcome (on that target)."""
        return sum(r.outcome == outcome and target in (None, r.target) for r in self.results)


def dump(report: Report) -> str:
    """The report as JSON text."""
    return json.dumps(asdict(report), ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def load(path: Path) -> Report:
    """The report in the file `path`, or in its folder; NotAReportError or OSError."""
    if path.is_dir():
        path = path / "report.json"
    try:
        raw = json.loads(path.read_bytes(), parse_constant=_no_constant)
        if not isinstance(raw, dict) or raw.get("format") != FORMAT:
            came = raw.get("format") if isinstance(raw, dict) else type(raw).__name__
            raise ValueError(f"expected the format {FORMAT!r}, got {came!r:.60}")
        report = _decode(Report, raw, "report")
    except (ValueError, RecursionError) as error:
        raise NotAReportError(f"{path} is no conformance report: {error}") from None
    assert isinstance(report, Report)
    return report


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _decode(kind: Any, raw: Any, where: str) -> Any:
    """`raw` as a value of the annotated type `kind`; keys that a later version added are left."""
    if is_dataclass(kind):
        if not isinstance(raw, dict):
            raise ValueError(f"{where}: expected an object")
        hints = get_type_hints(kind)
        values = {}
        for item in fields(kind):
            if item.name in raw:
                values[item.name] = _decode(
                    hints[item.name], raw[item.name], f"{where}.{item.name}"
                )
            elif item.default is MISSING and item.default_factory is MISSING:
                raise ValueError(f"{where}: {item.name} is missing")
        assert isinstance(kind, type)
        return kind(**values)
    if get_origin(kind) is list:
        if not isinstance(raw, list):
            raise ValueError(f"{where}: expected a list")
        (member,) = get_args(kind)
        return [_decode(member, value, f"{where}[{n}]") for n, value in enumerate(raw)]
    # type() and not isinstance(): `true` is no number.
    if type(raw) not in (get_args(kind) or (kind,)):
        raise ValueError(f"{where}: got {raw!r:.60}, which is of another type")
    return raw
