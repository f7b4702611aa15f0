"""The wires of a virtual board: every value that comes in arrives in the firmware as it was."""

from collections.abc import Callable
from typing import Any

import pytest

from lockhil.virtual.soldered import FULL, RESET_CAUSES
from lockhil.virtual.wires import Wires
from lockunit import board as port
from tests.lockhil.virtual.rig import WIRING, board, say
from tests.lockunit.hand import HandBoard

INPUTS, TAPS = WIRING["inputs"], WIRING["taps"]


class Held(HandBoard):
    """A board in the hand whose button may be held."""

    down = 0

    def button(self) -> int:
        return self.down


# Channel -> its pin, the values that it can show, and how one is set.
CHANNELS: dict[str, tuple[int, range, Callable[[Held, int], Any]]] = {
    "lowest cell": (TAPS["pin1"], range(4_950), lambda b, mv: setattr(b, "cell_mv", [mv, 0])),
    "pack": (TAPS["pin2"], range(9_900), lambda b, mv: setattr(b, "cell_mv", [0, mv])),
    "motor": (WIRING["motor_ma"]["pin"], range(4_000), lambda b, ma: setattr(b, "ma", ma)),
    "thermometer": (
        WIRING["temperature"]["pin"],
        range(-50, 280),
        lambda b, celsius: setattr(b, "celsius", celsius),
    ),
}
# In the real interpreter: the firmware's own scaling of readings that a file holds.
SCALING = """
import array, json
from lockboards.analog import Channel, Thermometer
with open("/a/board.json") as file:
    wiring = json.load(file)
taps, motor, warmth = wiring["taps"], wiring["motor_ma"], wiring["temperature"]
class Recorded:
    def __init__(self, raws):
        self.raws = iter(raws)
    def read_u16(self):
        return next(self.raws)
for name, channel in (
    ("lowest cell", Channel(taps["pin1"], taps["full_mv1"])),
    ("pack", Channel(taps["pin2"], taps["full_mv2"])),
    ("motor", Channel(motor["pin"], motor["full_ma"])),
    ("thermometer", Thermometer(
        warmth["pin"], warmth["full_mv"], warmth["zero_mv"], warmth["mv_per_c"])),
):
    with open("/" + name, "rb") as file:
        raws = array.array("H", file.read())
    inner = channel._channel if name == "thermometer" else channel
    inner._adc = Recorded(raws)
    for start in range(0, len(raws), 100):
        say([name, [channel.read() for _ in raws[start:start + 100]]])
"""


def test_every_value_arrives_as_it_was() -> None:
    files = {}
    for name, (pin, values, set_value) in CHANNELS.items():
        hand = Held()
        wires = Wires(WIRING, hand)
        raws = []
        for value in values:
            set_value(hand, value)
            raws.append(wires.convert(pin))
        assert all(raw is not None and 0 <= raw < FULL for raw in raws)
        files[name] = b"".join(raw.to_bytes(2, "little") for raw in raws if raw is not None)
    arrived: dict[str, list[int]] = {}
    for name, some in say(SCALING, files):
        arrived.setdefault(name, []).extend(some)
    for name, (_, values, _) in CHANNELS.items():
        assert arrived[name] == list(values), name


@pytest.mark.parametrize("name", CHANNELS)
def test_what_is_beyond_the_scale_clips_and_what_fails_fails(name: str) -> None:
    pin, values, set_value = CHANNELS[name]
    hand = Held()
    set_value(hand, values[-1] + 1)
    assert Wires(WIRING, hand).convert(pin) == FULL
    set_value(hand, port.FAILED)
    assert Wires(WIRING, hand).convert(pin) is None


def test_contacts_close_to_ground_and_the_supplys_lines_are_active_high() -> None:
    hand = Held()
    wires = Wires(WIRING, hand)

    def levels(*names: str) -> tuple[int, ...]:
        return tuple(wires.level(INPUTS[name]) for name in names)

    for ends, expected in ((0, (1, 1)), (1, (0, 1)), (2, (1, 0)), (3, (0, 0))):
        hand.ends = ends
        assert levels("end_locked", "end_unlocked") == expected
    for door, expected in (
        (port.DOOR_CLOSED, (0, 1)),
        (port.DOOR_OPEN, (1, 0)),
        (port.DOOR_UNKNOWN, (1, 1)),
    ):
        hand.door_is = door
        assert levels("door_closed", "door_open") == expected
    for source, expected in (
        (port.SUPPLY_BATTERY, (0, 1)),
        (port.SUPPLY_EXTERNAL, (1, 0)),
        (port.SUPPLY_UNKNOWN, (0, 0)),
    ):
        hand.source = source
        assert levels("usb", "pack") == expected
    assert levels("button") == (1,)
    assert wires.edges(port.EV_BUTTON, 1) == [(INPUTS["button"], 0)]
    assert levels("button") == (0,)


def test_a_button_held_since_before_the_start_is_closed() -> None:
    hand = Held()
    hand.down = 1
    wires = Wires(WIRING, hand)
    assert wires.level(INPUTS["button"]) == 0
    assert wires.edges(port.EV_BUTTON, 0) == [(INPUTS["button"], 1)]


def test_an_edge_is_told_once_and_names_all_pins_that_changed() -> None:
    hand = Held()
    wires = Wires(WIRING, hand)
    hand.source = port.SUPPLY_EXTERNAL
    edges = [(INPUTS["usb"], 1), (INPUTS["pack"], 0)]
    assert wires.edges(port.EV_SUPPLY, hand.source) == edges
    assert wires.edges(port.EV_SUPPLY, hand.source) == []


def test_outputs_reach_what_they_are_soldered_to() -> None:
    hand = Held()
    wires = Wires(WIRING, hand)
    for name, level in (
        ("green", 1),
        ("green", 0),
        ("red", 1),
        ("load", 1),
        ("motor_throw", 1),
        ("motor_withdraw", 1),
        ("motor_throw", 0),
    ):
        wires.drive(WIRING["outputs"][name], level)
    assert hand.out == [
        ("leds", (1, 0)),
        ("leds", (0, 0)),
        ("leds", (0, 1)),
        ("load", 1),
        ("motor", 1),
        ("motor", 0),  # both at once is no direction
        ("motor", -1),
    ]


@pytest.mark.parametrize(
    "use", [lambda w: w.drive(99, 1), lambda w: w.level(99), lambda w: w.convert(99)]
)
def test_a_pin_that_nothing_is_soldered_to_is_an_error(use: Callable[[Wires], object]) -> None:
    with pytest.raises(ValueError, match="pin 99, which nothing is soldered to"):
        use(Wires(WIRING, Held()))


def test_a_firmware_that_drives_one_is_told_on() -> None:
    with (
        pytest.raises(ValueError, match="drives pin 99, which nothing"),
        board("machine.Pin(99, machine.Pin.OUT, value=1)\n"),
    ):
        pass


def test_no_port_tells_a_brown_out_from_power_on() -> None:
    assert RESET_CAUSES[port.RESET_BROWN_OUT] == RESET_CAUSES[port.RESET_POWER]
    assert len(set(RESET_CAUSES.values())) == 3
