"""What became of a package's mutants, in words and numbers.

It prints and counts; it runs nothing.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from checks.mutation.explained import Explanation, mutated_text
from checks.mutation.run import Fate


@dataclass(frozen=True, slots=True)
class Result:
    """The fates of the mutants of `package`, and the survivors with why they don't matter ("")."""

    package: str
    at_least: float
    fates: Sequence[Fate]
    survivors: Sequence[tuple[Fate, str]]

    @property
    def explained(self) -> int:
        """How many survivors somebody explained."""
        return sum(1 for _, why in self.survivors if why)

    @property
    def killed_percent(self) -> float:
        """Of all mutants, the explained ones included."""
        return _percent(len(self.fates) - len(self.survivors), len(self.fates))

    @property
    def killed_percent_but_explained(self) -> float:
        """Of all mutants that nobody explained."""
        return _percent(len(self.fates) - len(self.survivors), len(self.fates) - self.explained)

    @property
    def enough(self) -> bool:
        """Whether the tests are good enough. Explaining a survivor doesn't help."""
        return bool(self.fates) and self.killed_percent >= self.at_least

    def as_dict(self) -> dict[str, Any]:
        """The result as JSON."""
        return {
            "package": self.package,
            "mutants": len(self.fates),
            "outcomes": dict(Counter(fate.outcome for fate in self.fates)),
            "killed_percent": self.killed_percent,
            "killed_percent_but_explained": self.killed_percent_but_explained,
            "at_least": self.at_least,
            "survivors": [
                {
                    "file": str(fate.mutant.path),
                    "line": fate.mutant.line,
                    "outcome": fate.outcome,
                    "mutated": mutated_text(fate.mutant),
                    "why": why,
                }
                for fate, why in self.survivors
            ],
        }

    def summary(self) -> str:
        """All in one line."""
        return (
            f"{self.package}: {self.killed_percent:.1f} % of {len(self.fates)} mutants killed, "
            f"at least {self.at_least} % wanted: {'enough' if self.enough else 'TOO FEW'} "
            f"({self.explained} of {len(self.survivors)} survivors explained; "
            f"{self.killed_percent_but_explained:.1f} % without those)"
        )


def _percent(part: int, whole: int) -> float:
    return 100.0 * part / whole if whole else 0.0


def result(
    package: str, at_least: float, fates: Sequence[Fate], explanations: Sequence[Explanation]
) -> Result:
    """Put the survivors among `fates` beside their explanations, in order of place."""
    alive = sorted(
        (fate for fate in fates if fate.alive),
        key=lambda fate: (str(fate.mutant.path), fate.mutant.line, fate.mutant.added),
    )
    survivors = [
        (fate, next((e.why for e in explanations if e.fits(fate.mutant)), "")) for fate in alive
    ]
    return Result(package, at_least, fates, survivors)


def idle(found: Result, explanations: Sequence[Explanation]) -> list[Explanation]:
    """The explanations about the files that were tried which explain no survivor (any more)."""
    files = {str(fate.mutant.path) for fate in found.fates}
    return [
        e
        for e in explanations
        if e.file in files and not any(e.fits(fate.mutant) for fate, _ in found.survivors)
    ]


def show(found: Result) -> None:
    """Print every survivor with its place and its fault, the explained ones apart."""
    for title, wanted in (("explained survivors", True), ("survivors", False)):
        listed = [(fate, why) for fate, why in found.survivors if bool(why) is wanted]
        if listed:
            print(f"\n{found.package}: {title}")
        for fate, why in listed:
            print(f"  {fate.mutant.path}:{fate.mutant.line} {fate.outcome}\n{fate.mutant.diff}")
            if why:
                print(f"    because {why}")
