"""What an update came to: for people as a few lines, for programs as one document."""

import json
from dataclasses import dataclass
from enum import Enum
from typing import Any

import click

from lockhil.boards.flash import State
from lockhil.update.package import Package


class Left(Enum):
    """What the unit has when it ends early; what a flash leaves is worded there."""

    UNCHANGED = State.UNCHANGED.value
    PARTLY = "the unit keeps the firmware that it had; run the same command again: it goes on"
    KEPT = State.KEPT.value
    TRIAL = State.TRIAL.value
    OPEN = "the new firmware runs, and is confirmed or not: run the same command again"
    DONE = State.DONE.value


@dataclass(slots=True)
class Outcome:
    """Filled in as it comes; `result`: updated, up to date, refused, failed."""

    target: str
    package: Package | None = None
    result: str = "failed"
    before: str | None = None
    left: Left | None = None
    sent: int = 0
    kept: int = 0
    selftest: dict[str, Any] | None = None
    seconds: float = 0
    error: str | None = None
    exit_code: int = 1

    def as_json(self) -> str:
        """One document, whatever happened."""
        package = self.package
        told = {
            "target": self.target,
            "result": self.result,
            "unit": package.header.unit if package is not None else None,
            "board": package.header.board if package is not None else None,
            "version_before": self.before,
            "version": package.header.version if package is not None else None,
            "files": len(package.files) if package is not None else None,
            "kept": self.kept,
            "bytes": self.sent,
            "selftest": self.selftest,
            "seconds": round(self.seconds, 1),
            "left": self.left.name.lower() if self.left is not None else None,
            "error": self.error,
            "exit_code": int(self.exit_code),
        }
        return json.dumps(told, indent=2)


def say(outcome: Outcome) -> None:
    """Tell how it went well, on standard output."""
    package = outcome.package
    assert package is not None
    header = package.header
    if outcome.result == "up to date":
        click.echo(f"{header.unit}: up to date, all files are those of {header.version}")
        return
    had = f", had firmware {outcome.before}" if outcome.before is not None else ""
    click.echo(f"{header.unit}: runs {header.version} of {header.board}, confirmed{had}")
    click.echo(
        f"sent {outcome.sent / 1024:.1f} KB in {outcome.seconds:.0f} s; "
        f"{outcome.kept} of {len(package.files)} files were there"
    )
    if outcome.selftest is not None:
        click.echo(f"its last diagnostic: {outcome.selftest.get('outcome')}")
