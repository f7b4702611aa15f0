"""`lockrig simulate safety`: how often a discharged pack is allowed, and a good one refused.

It asks, shows and writes; what is measured and how is `locksim.safety`.
"""

import json
import os
import sys
from pathlib import Path

import click

from lockjudge.trace import write_trace
from lockrig.errors import Exit, LockrigError
from locksim.safety.case import parse_label, run_case
from locksim.safety.figure import Figure, Share
from locksim.safety.kinds import APART, DISCHARGED
from locksim.safety.procedure import INSTRUMENT, OBSERVERS
from locksim.safety.run import UNSUPPORTED, Counts, Task, plan, run

_TOLD = 40


@click.command("safety")
@click.option("--runs", type=click.IntRange(1, 10_000_000), default=2_000, help="Discharged packs.")
@click.option("--observer", type=click.Choice(OBSERVERS), default=INSTRUMENT, help="Who watches.")
@click.option("--seed", type=int, default=1, help="Another seed draws other cases.")
@click.option("--packs", default="", metavar="NAME,...", help="Packs of these kinds alone.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.option("--workers", type=click.IntRange(1, 64), default=None, help="Processes (all cores).")
@click.option("--case", "case", metavar="LABEL", help="Go through this one case of a report.")
@click.option("--trace", type=click.Path(path_type=Path), help="Write the case's last trace here.")
def command(
    *,
    runs: int,
    observer: str,
    seed: int,
    packs: str,
    as_json: bool,
    workers: int | None,
    case: str | None,
    trace: Path | None,
) -> int:
    """Put discharged and good packs before the push-button diagnostic, and count the verdicts.

    Ends with 1 where a goal is missed. Percentages are shares of simulated cases, not of visits.
    """
    if case is not None:
        return _one(case, seed, observer, trace, as_json)
    if trace is not None:
        raise LockrigError("--trace needs --case: a trace is of one case", Exit.USAGE)
    names = [name.strip() for name in packs.split(",") if name.strip()]
    try:
        tasks = plan(runs, seed, observer, names)
    except ValueError as error:
        raise LockrigError(f"--packs: {error}", Exit.USAGE) from None
    figure = Figure(_counted(tasks, workers or os.cpu_count() or 1), observer)
    if as_json:
        asked = {"runs": runs, "seed": seed, "packs": names}
        click.echo(json.dumps({**asked, **figure.as_dict()}, indent=1))
    else:
        _show(figure, runs, seed)
    return Exit.PASSED if figure.reached else Exit.FAILED


def _counted(tasks: list[Task], workers: int) -> Counts:
    counts = Counts()
    cases = sum(task.stop - task.start for task in tasks)
    # A small run is over before a second process has started.
    workers = workers if cases > 500 else 1
    with click.progressbar(
        length=cases, label="cases", file=sys.stderr, hidden=not sys.stderr.isatty()
    ) as bar:
        for task, more in run(tasks, workers):
            counts.add(more)
            bar.update(task.stop - task.start)
    return counts


def _one(label: str, seed: int, observer: str, trace: Path | None, as_json: bool) -> int:
    try:
        case = run_case(parse_label(label, seed), observer)
    except ValueError as error:
        raise LockrigError(f"--case: {error}", Exit.USAGE) from None
    if case.diagnosis is None:
        raise LockrigError("chance makes no such pack: there is no case of that label", Exit.USAGE)
    told = {"case": label, "seed": seed, "allowed": case.allowed, "told": case.describe()}
    click.echo(json.dumps(told, indent=1) if as_json else case.describe())
    if trace is not None:
        last = case.diagnosis.traces[-1]
        try:
            with trace.open("w", encoding="utf-8") as out:
                write_trace(out, last.header, last.events)
        except OSError as error:
            raise LockrigError(f"can't write the trace to {trace}: {error.strerror}") from None
    return Exit.PASSED


def _show(figure: Figure, runs: int, seed: int) -> None:
    click.echo(f"{runs} discharged packs and others, seed {seed}, seen by: {figure.observer}\n")
    _table("discharged packs that were allowed", figure.allowed(DISCHARGED, "kind"))
    _line(figure.total)
    _table("  by pack", figure.allowed(DISCHARGED, "pack"))
    _table("  by fault on top", figure.allowed(DISCHARGED, "fault"))
    _table("good packs that were refused", figure.refused())
    _table("counted apart, allowed", figure.allowed(APART, "kind"))
    unsupported = figure.allowed(UNSUPPORTED, "pack")
    _table("unsupported packs, service desk only, allowed", unsupported)
    if figure.counts.cases:
        cases = sorted(figure.counts.cases)
        click.echo("cases that went wrong (--case LABEL goes through one again)")
        for text in cases[:_TOLD]:
            click.echo(f"  {text}")
        if len(cases) > _TOLD:
            click.echo(f"  and {len(cases) - _TOLD} more: --json lists them")


def _table(title: str, shares: list[Share]) -> None:
    if not shares:
        return
    click.echo(title)
    for share in shares:
        _line(share)
    click.echo()


def _line(share: Share) -> None:
    text = f"  {share.name:<36} {share.count:>6} of {share.n:<7} {share.percent:7.3f} %"
    text += f"  (95 %: at most {share.bound_percent:.3f} %)"
    if share.goal_percent is not None:
        text += f"  goal {share.goal_percent:g} %: {'missed' if share.missed else 'reached'}"
    if share.not_drawn:
        text += f"  {share.not_drawn} not drawn"
    click.echo(text)
