"""What a flash came to: for people as a few lines, for programs as one document."""

import json
from dataclasses import dataclass, field
from typing import Any

import click

from lockhil.boards.identity import Identity
from lockhil.boards.plan import Plan

_SHOWN = 8


@dataclass(slots=True)
class Outcome:
    """Filled in as it comes; `result`: refused, would flash, up to date, flashed, failed."""

    target: str
    result: str = "failed"
    who: Identity | None = None
    unit: str | None = None
    plan: Plan | None = None
    selftest: dict[str, Any] | None = None
    seen_on: str | None = None
    seconds: float = 0
    error: str | None = None
    exit_code: int = 1
    notes: list[str] = field(default_factory=list)

    def as_json(self) -> str:
        """One document, whatever happened."""
        plan = self.plan
        told = {
            "target": self.target,
            "result": self.result,
            "board": self.who.as_json() if self.who is not None else None,
            "unit": self.unit,
            "version_before": plan.before if plan is not None else None,
            "version": plan.version if plan is not None else None,
            "files": len(plan.files) if plan is not None else None,
            "slot": plan.slot if plan is not None else None,
            "copied": plan.copy if plan is not None else [],
            "cloned": list(plan.clone) if plan is not None else [],
            "put": plan.put if plan is not None else [],
            "removed": plan.remove if plan is not None else [],
            "bytes": plan.size if plan is not None else 0,
            "seen_on": self.seen_on,
            "selftest": self.selftest,
            "seconds": round(self.seconds, 1),
            "notes": self.notes,
            "error": self.error,
            "exit_code": int(self.exit_code),
        }
        return json.dumps(told, indent=2)


def say(outcome: Outcome) -> None:
    """Tell it on standard output."""
    plan = outcome.plan
    assert plan is not None
    has = f"firmware {plan.before}" if plan.before is not None else "no firmware"
    click.echo(f"{outcome.who}: unit {outcome.unit}, had {has}")
    if outcome.result == "up to date":
        click.echo(f"up to date: all {len(plan.files)} files are those of {plan.version}")
    else:
        _say_files(plan, "would copy" if outcome.result == "would flash" else "copied")
    for note in outcome.notes:
        click.echo(note)
    if outcome.seen_on is not None:
        click.echo(f"it runs {plan.version}, seen on its {outcome.seen_on}")
    if outcome.selftest is not None:
        click.echo(f"its last diagnostic: {outcome.selftest.get('outcome')}")


def _say_files(plan: Plan, verb: str) -> None:
    sent = [*plan.copy, *plan.put]
    there = f", {len(plan.clone)} on the board itself" if plan.clone else ""
    size = f"{plan.size / 1024:.1f} KB"
    click.echo(f"{verb} {len(sent)} of {len(plan.files)} files into {plan.slot}, {size}{there}")
    for place in sent[:_SHOWN]:
        click.echo(f"  {place}")
    if len(sent) > _SHOWN:
        click.echo(f"  and {len(sent) - _SHOWN} more")
    gone = [place for place in plan.remove if place not in plan.files]
    for place in gone[:_SHOWN]:
        click.echo(f"  {'would remove' if verb == 'would copy' else 'removed'} {place}")
    if len(gone) > _SHOWN:
        click.echo(f"  and {len(gone) - _SHOWN} more")
