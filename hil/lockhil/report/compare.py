"""How two runs differ: outcomes, measurements, firmware, tests and, on virtual clocks, traces.

It says what differs and leaves it to the caller whether that is a failure.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lockhil.report import text
from lockhil.report.model import Measurement, Report, Result, load
from lockhil.report.results import by_name, numbered
from lockhil.report.tracediff import Row, first_difference
from lockjudge.trace import NotATraceError, read_trace

REAL_CLOCK_TOLERANCE = 0.1
"""Of a limit's width: what two runs may be apart where time is a real clock's."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference: of which kind, where, and what each run has; `rows` show two traces."""

    kind: str
    """firmware, target, only in one, outcome, measurement, trace, or not compared."""
    where: str
    a: str
    b: str
    rows: tuple[Row, ...] = ()

    @property
    def counts(self) -> bool:
        """False for what merely couldn't be compared, or is expected to differ."""
        return self.kind != "not compared"


def compare(
    a: Report,
    b: Report,
    *,
    folders: tuple[Path, Path] | None = None,
    tolerance: float | None = None,
) -> list[Difference]:
    """All differences of `b` from `a`; traces are compared if the reports' `folders` are given.

    `tolerance` is the part of a limit's width (of the value, without limits) that measurements may
    differ by: by default nothing between virtual clocks, and a tenth if either clock is real.
    """
    found = list(_firmware(a, b))
    pairs = _pairs(a, b)
    found += [
        Difference("target", name, _listed(a, name), _listed(b, name))
        for name in dict.fromkeys([*_names(a), *_names(b)])
        if name not in {n for pair in pairs for n in pair}
    ]
    for name_a, name_b in pairs:
        exact = _clock(a, name_a) == _clock(b, name_b) == "virtual"
        allowed = tolerance if tolerance is not None else 0.0 if exact else REAL_CLOCK_TOLERANCE
        shown = name_a if name_a == name_b else f"{name_a} and {name_b}"
        runs_a, runs_b = _results(a, name_a), _results(b, name_b)
        for key in dict.fromkeys([*runs_a, *runs_b]):
            where = _where(shown, *key)
            one, other = runs_a.get(key), runs_b.get(key)
            if one is None or other is None:
                found.append(Difference("only in one", where, _outcome(one), _outcome(other)))
                continue
            found += _result(where, one, other, allowed)
            if folders is not None and exact:
                found += _trace(where, one, other, folders)
        if folders is not None and not exact:
            why = "a real clock runs in one of them"
            found.append(Difference("not compared", f"traces of {shown}", why, why))
    return found


def compare_paths(a: Path, b: Path, tolerance: float | None = None) -> list[Difference]:
    """The same for two reports' folders (or their report.json); NotAReportError or OSError."""
    folders = tuple(path if path.is_dir() else path.parent for path in (a, b))
    return compare(load(a), load(b), folders=(folders[0], folders[1]), tolerance=tolerance)


def _firmware(a: Report, b: Report) -> Iterator[Difference]:
    for name in ("version", "sha256"):
        one, other = getattr(a.firmware, name), getattr(b.firmware, name)
        if one != other:
            yield Difference("firmware", name, one, other)


def _names(report: Report) -> list[str]:
    return [target.name for target in report.targets]


def _listed(report: Report, name: str) -> str:
    return name if name in _names(report) else "\u2013"


def _pairs(a: Report, b: Report) -> list[tuple[str, str]]:
    """Targets of one name; two runs of one target each are compared whatever its name."""
    if len(a.targets) == len(b.targets) == 1:
        return [(a.targets[0].name, b.targets[0].name)]
    return [(name, name) for name in _names(a) if name in _names(b)]


def _clock(report: Report, name: str) -> str:
    return next(target.clock for target in report.targets if target.name == name)


def _results(report: Report, target: str) -> dict[tuple[str, int, int], Result]:
    mine = numbered([r for r in report.results if r.target == target])
    return {(test, number, repeat): r for (test, _, number, repeat), r in mine.items()}


def _where(targets: str, test: str, number: int, repeat: int) -> str:
    case = f" #{number}" if number > 1 else ""
    return f"{test}{case} on {targets}" + (f", repetition {repeat}" if repeat > 1 else "")


def _outcome(result: Result | None) -> str:
    if result is None:
        return "\u2013"
    return text.OUTCOME[result.outcome] + (f": {result.reason}" if result.reason else "")


def _result(where: str, a: Result, b: Result, tolerance: float) -> Iterator[Difference]:
    if a.outcome != b.outcome:
        yield Difference("outcome", where, _outcome(a), _outcome(b))
    if "not_run" in (a.outcome, b.outcome):
        return
    ms_a, ms_b = by_name(a.measurements), by_name(b.measurements)
    for key in dict.fromkeys([*ms_a, *ms_b]):
        one, other = ms_a.get(key), ms_b.get(key)
        if one is None or other is None or _apart(one, other, tolerance):
            name = f"{key[0]} {key[1]}".strip()
            yield Difference("measurement", f"{name}: {where}", _shown(one), _shown(other))


def _shown(m: Measurement | None) -> str:
    return "\u2013" if m is None else text.beside(m)


def _apart(a: Measurement, b: Measurement, tolerance: float) -> bool:
    if (a.unit, a.at_least, a.at_most, a.ok) != (b.unit, b.at_least, b.at_most, b.ok):
        return True
    if a.value is None or b.value is None:
        return a.value is not b.value
    if a.at_least is not None and a.at_most is not None:
        width = a.at_most - a.at_least
    else:
        limits = [limit for limit in (a.at_least, a.at_most) if limit is not None]
        width = abs(limits[0]) if limits else max(abs(a.value), abs(b.value))
    return abs(a.value - b.value) > tolerance * width


def _trace(where: str, a: Result, b: Result, folders: tuple[Path, Path]) -> Iterator[Difference]:
    if a.trace is None and b.trace is None:
        return
    if a.trace is None or b.trace is None:
        yield Difference("trace", where, a.trace or "no trace", b.trace or "no trace")
        return
    try:
        one, other = (
            read_trace(folder / trace)
            for folder, trace in zip(folders, (a.trace, b.trace), strict=True)
        )
    except (OSError, NotATraceError) as error:
        yield Difference("not compared", f"trace of {where}", str(error), str(error))
        return
    rows = first_difference(one, other)
    if rows:
        first = next(row for row in rows if row.differs)
        yield Difference("trace", where, first.a, first.b, rows)


def render(differences: list[Difference], width: int = 100) -> list[str]:
    """The differences as lines for a terminal `width` columns wide."""
    if not differences:
        return ["No difference."]
    count = sum(d.counts for d in differences)
    lines = [f"{count} difference{'' if count == 1 else 's'}."]
    for d in differences:
        lines += ["", f"{d.kind}: {text.one_line(d.where)}"]
        if d.kind == "not compared":
            lines.append(f"  {text.one_line(d.a)}")
        elif d.rows:
            lines += _side_by_side(d.rows, width)
        else:
            lines += [f"  A  {text.one_line(d.a)}", f"  B  {text.one_line(d.b)}"]
    return [line.replace("\u00a0", " ").rstrip() for line in lines]


def _side_by_side(rows: tuple[Row, ...], width: int) -> list[str]:
    column = max(20, (width - 5) // 2)

    def fit(said: str) -> str:
        said = text.one_line(said)
        return said if len(said) <= column else said[: column - 1] + "\u2026"

    head = f"  {'A':{column}} {'B'}"
    return [head] + [f"{'!' if r.differs else ' '} {fit(r.a):{column}} {fit(r.b)}" for r in rows]
