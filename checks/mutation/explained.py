"""Survivors that somebody looked at: faults that change nothing anybody could observe.

They are listed apart, and still count as survivors: an explanation kills nothing.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from checks.mutation.mutants import Mutant


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why the mutant of `file` whose changed text is `mutated` is as good as the original."""

    file: str
    mutated: str
    why: str

    def fits(self, mutant: Mutant) -> bool:
        """Whether it is about `mutant`: by text and not by line number, which moves."""
        return str(mutant.path) == self.file and mutated_text(mutant) == self.mutated


def mutated_text(mutant: Mutant) -> str:
    """What the fault made of the code, as it stands in the list of explanations."""
    return "\n".join(line.strip() for line in mutant.added)


def read(path: Path) -> list[Explanation]:
    """The explanations in the TOML file at `path`: `[[explained]]` with file, mutated and why."""
    if not path.exists():
        return []
    found = tomllib.loads(path.read_text(encoding="utf-8")).get("explained", [])
    return [
        Explanation(entry["file"], entry["mutated"].strip(), entry["why"].strip())
        for entry in found
    ]
