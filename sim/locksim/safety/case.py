"""One case, from its label to what came of it; the same label gives the same case anywhere."""

from dataclasses import dataclass
from random import Random

from locksim.mainloop import Boot
from locksim.packs.load import kinds as pack_kinds
from locksim.safety.draw import Draw
from locksim.safety.faults import NONE, Fault, draw_fault
from locksim.safety.faulty import Broken
from locksim.safety.kinds import DISCHARGED, GOOD, KINDS, Kind
from locksim.safety.procedure import Diagnosis, diagnose
from locksim.safety.setup import Setup
from lockunit.unit import Unit

# Chance may make a life in which nothing happened: then another.
_MOST_TRIES = 15


@dataclass(frozen=True, slots=True)
class Label:
    """The name of a case: kind, pack and number, under one seed."""

    kind: str
    pack: str
    index: int
    seed: int

    def __str__(self) -> str:
        return f"{self.kind}:{self.pack}:{self.index}"


def parse_label(text: str, seed: int) -> Label:
    """The label that `str` wrote; ValueError says what was expected."""
    parts = text.split(":")
    if len(parts) != 3 or not parts[2].isdecimal():
        raise ValueError(f"expected KIND:PACK:NUMBER as a report prints it, got {text!r}")
    kind, pack, number = parts
    if kind not in KINDS:
        raise ValueError(f"expected a kind out of {', '.join(KINDS)}, got {kind!r}")
    if pack not in pack_kinds():
        raise ValueError(f"expected a pack out of {', '.join(pack_kinds())}, got {pack!r}")
    return Label(kind, pack, int(number), seed)


@dataclass(slots=True)
class Case:
    """A case that was gone through; `diagnosis` None: chance made no such pack."""

    label: Label
    fault: Fault
    setup: Setup | None = None
    diagnosis: Diagnosis | None = None

    @property
    def allowed(self) -> bool:
        """Whether the change was."""
        return self.diagnosis is not None and self.diagnosis.allowed

    def describe(self) -> str:
        """One line that says what it was and how it ended."""
        if self.setup is None or self.diagnosis is None:
            return f"{self.label}: not drawn"
        codes = ", ".join(map(str, self.diagnosis.codes))
        state = self.setup.describe(self.diagnosis.world.now)
        return f"{self.label}: fault {self.fault.name}; {state}; exit codes {codes}"


def run_case(label: Label, observer: str, firmware: Boot = Unit) -> Case:
    """Draw the case and go through it."""
    kind, pack = KINDS[label.kind], pack_kinds()[label.pack]
    name = f"{label.seed} {label.kind} {label.pack} {label.index}"
    for attempt in range(_MOST_TRIES):
        draw = Draw(f"{name} {attempt}", pack)
        setup = kind.make(draw)
        if setup is None or not _starts_true(kind, setup):
            continue
        fault = _fault(kind, setup, name, label.index)
        eyes = Random(f"{name} eyes")  # noqa: S311 a measurement must be repeatable
        diagnosis = diagnose(setup, fault, observer, eyes, firmware)
        if _ends_true(kind, setup, diagnosis):
            return Case(label, fault, setup, diagnosis)
    return Case(label, Fault(NONE))


def _starts_true(kind: Kind, setup: Setup) -> bool:
    return kind.group != GOOD or setup.good(setup.now)


def _ends_true(kind: Kind, setup: Setup, diagnosis: Diagnosis) -> bool:
    """Whether the pack is what its kind says, after what the diagnostic itself did to it."""
    if kind.group == GOOD:
        return not setup.discharged(diagnosis.world.now)
    return setup.discharged(diagnosis.world.now)


def _fault(kind: Kind, setup: Setup, name: str, index: int) -> Fault:
    if setup.stuck_c is not None:
        return Fault("thermometer stuck", broken=Broken(stuck_c=setup.stuck_c))
    if kind.group != DISCHARGED:
        return Fault(NONE)
    rng = Random(f"{name} fault")  # noqa: S311 a measurement must be repeatable
    return draw_fault(rng, index, len(setup.pack.slots))
