"""The parts around a board and their values, worked out from its data.

A value is the nearest that shops have (E24); what that leaves off is told, and `lockrig calibrate`
takes it away.
"""

from dataclasses import dataclass, field
from typing import Any

_E24 = (
    10,
    11,
    12,
    13,
    15,
    16,
    18,
    20,
    22,
    24,
    27,
    30,
    33,
    36,
    39,
    43,
    47,
    51,
    56,
    62,
    68,
    75,
    82,
    91,
)
# The lower resistor of a tap's divider: small enough for the converter, large enough for a battery.
LOWER_OHM = 300_000
# The current sensor: a shunt in the motor's supply, and an amplifier of 20 (INA180A1).
AMPLIFIER = 20
LED_MA, LED_MV, LOGIC_MV = 2.5, 2_100, 3_300
# The test load, as the simulated one: about the motor's current.
LOAD_MA, PACK_MV = 600, 6_000
FALLS_OHM = 100_000


@dataclass(frozen=True, slots=True)
class Divider:
    """A tap's two resistors, and what the data say for full scale beside what they make."""

    net: str
    upper_ohm: int
    full_mv: int
    makes_mv: int


@dataclass(slots=True)
class Parts:
    """All values of one board; `rows` is the list to buy by: how many, what, where for."""

    dividers: list[Divider]
    shunt_mohm: int
    led_ohm: int
    load_ohm: int
    rows: list[tuple[int, str, str]] = field(default_factory=list)


def nearest(ohm: float) -> int:
    """The value of E24 that is nearest."""
    values = [step * ten for ten in (1, 10, 100, 1_000, 10_000, 100_000) for step in _E24]
    return min(values, key=lambda value: abs(value - ohm))


def ohms(value: int) -> str:
    """As people write it."""
    if value >= 1_000_000:
        return f"{value / 1e6:g} M\N{GREEK CAPITAL LETTER OMEGA}"
    if value >= 1_000:
        return f"{value / 1e3:g} k\N{GREEK CAPITAL LETTER OMEGA}"
    return f"{value} \N{GREEK CAPITAL LETTER OMEGA}"


def work_out(wiring: dict[str, Any]) -> Parts:
    """The parts of a board with these data."""
    pin_mv = wiring["converter"]["full_mv"]
    taps = wiring["taps"]
    dividers = []
    for n in range(1, taps["count"] + 1):
        full = taps[f"full_mv{n}"]
        upper = nearest(LOWER_OHM * (full / pin_mv - 1))
        makes = round(pin_mv * (upper + LOWER_OHM) / LOWER_OHM)
        dividers.append(Divider(f"tap{n}", upper, full, makes))
    parts = Parts(
        dividers=dividers,
        shunt_mohm=round(pin_mv * 1_000 / (wiring["motor_ma"]["full_ma"] * AMPLIFIER)),
        led_ohm=nearest((LOGIC_MV - LED_MV) / LED_MA),
        load_ohm=nearest(PACK_MV / LOAD_MA),
    )
    parts.rows = _rows(wiring, parts)
    return parts


def _rows(wiring: dict[str, Any], parts: Parts) -> list[tuple[int, str, str]]:
    warm = "temperature" in wiring
    readings = len(parts.dividers) + 1 + warm
    rows = [
        (1, f"board {wiring['board']} ({wiring['chip']}) with MicroPython", ""),
        (2, "LED, green and red, 2.1 V at 2.5 mA", "D1, D2"),
        (2, f"resistor {ohms(parts.led_ohm)}", "R1, R2: the LEDs' current"),
        (5, f"resistor {ohms(FALLS_OHM)}", "R3 to R7: off while the pins float"),
        (1, "dual H-bridge DRV8833 on a carrier, one half used", "U1: the motor"),
        (1, f"shunt {parts.shunt_mohm} m\N{GREEK CAPITAL LETTER OMEGA}, 1 %, 1 W", "R8"),
        (1, "current-sense amplifier INA180A1 (gain 20)", "U2"),
        (1, "N-MOSFET for a gate of 3.3 V, 2 A: AO3400A, or IRLB8721 with wires", "Q1: the load"),
        (1, f"resistor {ohms(parts.load_ohm)}, 5 W", f"R9: the test load, {LOAD_MA} mA"),
        (1, "resistor 100 \N{GREEK CAPITAL LETTER OMEGA}", "R10: the gate"),
    ]
    for at, each in enumerate(parts.dividers):
        rows.append(
            (
                1,
                f"resistor {ohms(each.upper_ohm)}, 1 %",
                f"R{11 + 2 * at}: {each.net}, {each.makes_mv} mV at full scale "
                f"(data: {each.full_mv})",
            )
        )
    rows += [
        (len(parts.dividers), f"resistor {ohms(LOWER_OHM)}, 1 %", "R12, R14: taps to GND"),
        (readings, "capacitor 100 nF, ceramic", "at each measuring pin"),
        (1, "button, and contacts as the lock has them", "S1 to S5"),
        (5, "resistor 1 k\N{GREEK CAPITAL LETTER OMEGA}", "R15 to R19: contacts, against sparks"),
        (1, "resistor 4.7 k\N{GREEK CAPITAL LETTER OMEGA}", "R20: USB there?"),
        (1, "resistor 8.2 k\N{GREEK CAPITAL LETTER OMEGA}", "R21: no more than that (RP2350-E9)"),
        (1, "NPN transistor BC547", "Q2: USB not there?"),
        (1, "resistor 47 k\N{GREEK CAPITAL LETTER OMEGA}", "R22"),
        (1, "resistor 10 k\N{GREEK CAPITAL LETTER OMEGA}", "R23"),
        (1, "step-up/down converter to 5 V, 0.5 A, from 3 to 8 V", "U3: the board's supply"),
        (1, "Schottky diode 1N5817", "D3: USB doesn't charge the pack"),
        (1, "USB-to-serial adapter for 3.3 V", "the link"),
        (1, "fuse 2 A, slow, and a connector for the pack with its tap", "F1, J1"),
        (1, "electrolytic capacitor 470 \N{MICRO SIGN}F, 16 V", "C9: at the bridge"),
    ]
    if warm:
        rows.append((1, "temperature sensor TMP36", "U4"))
    return rows
