"""Which pin of a unit is wired to which of its probe: the wires file, read and checked.

It moves nothing; `wirings/*.json` are the package's own.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

FOLDER: Final = Path(__file__).parent / "wirings"
# What a probe does and sees; a bench without the first of these is none.
EYES: Final = ("green", "red", "motor_throw", "motor_withdraw", "load")
CONTACTS: Final = ("button", "end_locked", "end_unlocked", "door_closed", "door_open")
SENSES: Final = ("usb", "pack")
MOTOR, WARMTH, SUPPLY = "motor_ma", "temperature", "supply"


class WiringError(ValueError):
    """The wires file can't be used; the message says which net, what was expected, what came."""


@dataclass(frozen=True, slots=True)
class Wiring:
    """A wires file; `data` is all of it, as it goes on the probe."""

    name: str
    unit_board: str
    wires: dict[str, dict[str, Any]]
    data: dict[str, Any]

    @property
    def taps(self) -> list[str]:
        """The nets of the pack's taps, from the lowest up."""
        return sorted(net for net in self.wires if net.startswith("tap"))

    @property
    def analogue(self) -> list[str]:
        """The nets that carry a voltage."""
        return [*self.taps, MOTOR, *([WARMTH] if self.has_sensor else [])]

    @property
    def has_sensor(self) -> bool:
        """Whether the unit measures temperature; a Pico has no pin left for that."""
        return WARMTH in self.wires

    @property
    def switches_supply(self) -> bool:
        """Whether the probe has the unit's power in its hand."""
        return SUPPLY in self.wires

    def sensor_mv(self, celsius: int) -> int:
        """What the temperature sensor gives then, in mV."""
        wire = self.wires[WARMTH]
        return int(wire["zero_mv"]) + celsius * int(wire["mv_per_c"])

    def shows_mv(self, mv: int, tap: int) -> bool:
        """Whether the unit can measure so much at this tap (0: the lowest)."""
        return 0 <= mv < int(self.wires[self.taps[tap]]["full"])

    def shows_celsius(self, celsius: int) -> bool:
        """Whether the unit's sensor can show it."""
        return self.has_sensor and 0 <= self.sensor_mv(celsius) < int(self.wires[WARMTH]["full"])

    def for_board(self, *, start: int = 1) -> bytes:
        """The file as it lies on the probe; `start`: whether a unit has power from then on."""
        wires = [{**wire, "start": start} if net == SUPPLY else wire
                 for net, wire in self.wires.items()]  # fmt: skip
        return json.dumps({**self.data, "wires": wires}).encode()


def names() -> list[str]:
    """The wirings of the package."""
    return sorted(path.stem for path in FOLDER.glob("*.json"))


def read_wiring(name: str | Path) -> Wiring:
    """A wiring by its name, or from a file. WiringError."""
    path = FOLDER / f"{name}.json" if str(name) in names() else Path(name)
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise WiringError(
            f"expected a wiring out of {', '.join(names())} or a file, got {name}: {error.strerror}"
        ) from None
    except ValueError as error:
        raise WiringError(f"{path}: no JSON: {error}") from None
    return check_wiring(path.stem, data)


def check_wiring(name: str, data: Any) -> Wiring:
    """The wiring in `data`. WiringError."""
    if not isinstance(data, dict) or not isinstance(data.get("wires"), list):
        raise WiringError(f"{name}: expected an object with wires")
    wires: dict[str, dict[str, Any]] = {}
    for wire in data["wires"]:
        net = wire.get("net") if isinstance(wire, dict) else None
        if not isinstance(net, str) or net in wires:
            raise WiringError(f"{name}: expected each net once, by its name, got {wire!r:.80}")
        wires[net] = wire
    for net, keys in _needed(wires):
        if net not in wires:
            raise WiringError(f"{name}: there is no wire {net}; a bench needs it")
        missing = [key for key in keys if type(wires[net].get(key)) is not int]
        if missing:
            raise WiringError(f"{name}: {net}: expected an integer for {', '.join(missing)}")
    _refuse_shared(name, wires)
    return Wiring(name, str(data.get("unit_board", "")), wires, data)


def _needed(wires: dict[str, dict[str, Any]]) -> list[tuple[str, tuple[str, ...]]]:
    """Each net that has to be there, and what has to be said of it."""
    both = ("unit", "probe")
    taps = sorted({"tap1", *(net for net in wires if net.startswith("tap"))})
    return [
        *((net, both) for net in (*EYES, *CONTACTS, *SENSES)),
        *((net, (*both, "full")) for net in (*taps, MOTOR)),
        *((net, (*both, "full", "zero_mv", "mv_per_c")) for net in (WARMTH,) if net in wires),
        *((net, ("probe",)) for net in (SUPPLY,) if net in wires),
    ]


def _refuse_shared(name: str, wires: dict[str, dict[str, Any]]) -> None:
    for side, keys in (("probe", ("probe", "readback")), ("unit", ("unit",))):
        owners: dict[int, str] = {}
        for net, wire in wires.items():
            for key in keys:
                pin = wire.get(key)
                if isinstance(pin, int) and owners.setdefault(pin, net + key) != net + key:
                    raise WiringError(f"{name}: the {side}'s pin {pin} has two wires, one is {net}")
