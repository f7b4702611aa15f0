"""The probe's pins by the names of their nets, as the wires file says.

It carries levels and voltages; what they mean to a lock stands in `bench`.
"""

from time import ticks_us

from machine import ADC, PWM, Pin

from lockprobe.log import Ring

# What the unit drives, and the probe sees. Their places are those in the ring.
EYES = ("green", "red", "motor_throw", "motor_withdraw", "load")
# Contacts close to ground, and else let go; the unit pulls them up.
CONTACTS = ("button", "end_locked", "end_unlocked", "door_closed", "door_open")
SENSES = ("usb", "pack")
FULL = 65_535
# Far above what an RC filter of 1 ms lets through, and still with 11 bits on an ESP32.
_PWM_HZ = 20_000

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


class Pins:
    """`power`: what the supply's switch is set to at the start."""

    def __init__(self, wires: "list[dict[str, object]]", ring: Ring) -> None:
        self._ring = ring
        by_net: "dict[str, dict[str, object]]" = {str(wire["net"]): wire for wire in wires}
        # First of all: whether the unit has power mustn't hang in the air.
        supply = by_net.get("supply", {})
        self.power = 1 if supply.get("start", 1) else 0
        self._out: "dict[str, Pin]" = {}
        if supply:
            self._out["supply"] = Pin(_number(supply, "probe"), Pin.OUT, value=self.power)
        for net in CONTACTS:
            if net in by_net:
                self._out[net] = Pin(_number(by_net[net], "probe"), Pin.OPEN_DRAIN, value=1)
        for net in SENSES:
            if net in by_net:
                self._out[net] = Pin(_number(by_net[net], "probe"), Pin.OUT, value=0)
        self._pwm: "dict[str, PWM]" = {}
        self._full: "dict[str, int]" = {}
        self._readback: "dict[str, ADC]" = {}
        for net, wire in by_net.items():
            if wire["kind"] == "analogue":
                pin = Pin(_number(wire, "probe"))
                self._pwm[net] = PWM(pin, freq=_PWM_HZ, duty_u16=0)
                self._full[net] = _number(wire, "full")
                if "readback" in wire:
                    self._readback[net] = ADC(Pin(_number(wire, "readback")))
        self._in = [Pin(_number(by_net[net], "probe"), Pin.IN, Pin.PULL_DOWN) for net in EYES]
        self.glitches = 0
        self._levels = bytearray([pin.value() for pin in self._in])
        for place, pin in enumerate(self._in):
            self._watch(place, pin)

    def _watch(self, place: int, pin: Pin) -> None:
        ring, levels = self._ring, self._levels

        def changed(_: Pin) -> None:
            raw = ticks_us()
            level = pin.value()
            if level == levels[place]:
                # Gone again before anybody looked.
                self.glitches += 1
                return
            levels[place] = level
            ring.put(raw, place, level)

        _irq(pin, changed)

    def level(self, net: str) -> int:
        """What an input shows now."""
        return self._in[EYES.index(net)].value()

    def has(self, net: str) -> bool:
        """Whether it is wired."""
        return net in EYES or net in self._out or net in self._pwm

    def set(self, net: str, level: int) -> None:
        """Drive a net; a contact is let go by 1. A net that isn't wired stays as it is."""
        if net in self._out:
            self._out[net].value(level)

    def show(self, net: str, value: int) -> None:
        """Let the unit measure `value`, in its own unit (mV or mA); -1: more than it can."""
        if net in self._pwm:
            full = self._full[net]
            duty = FULL if value < 0 else min(FULL - 1, (value * FULL + full // 2) // full)
            self._pwm[net].duty_u16(duty)

    def duty(self, net: str, duty: int) -> None:
        """The same as a share of 65,535."""
        self._pwm[net].duty_u16(duty)

    def analogue(self) -> "list[str]":
        """The nets with a voltage, taps from the lowest up."""
        return sorted(self._pwm)

    def read_back(self, net: str) -> int:
        """What comes out of an analogue output, 0 to 65,535; -1: it isn't wired back."""
        return self._readback[net].read_u16() if net in self._readback else -1


def _number(wire: "dict[str, object]", key: str) -> int:
    number = wire[key]
    assert isinstance(number, int)
    return number


def _irq(pin: Pin, handler: "Callable[[Pin], None]") -> None:
    trigger = Pin.IRQ_RISING | Pin.IRQ_FALLING
    try:
        # At once, where a port can; it allocates nothing.
        pin.irq(handler=handler, trigger=trigger, hard=True)
    except TypeError:
        pin.irq(handler=handler, trigger=trigger)
