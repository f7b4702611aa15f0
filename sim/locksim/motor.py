"""The motor: a small DC motor behind a gear, as the circuit and the bolt see it.

Its speed follows the voltage at once; it doesn't coast, and a brake holds it. A probe runs this
file too, under MicroPython (`lockhil.probe`).
"""

# Its winding: what is left of it when nothing turns.
WINDING_MOHM = 3000
# The gear's friction asks for the same torque, so the same current, at every speed.
RUNNING_MA = 600
# Below this the grease is stiff: 10 to 20 % more torque (makers of locks say).
STIFF_C = -10
STIFF_PERCENT = 115
# It draws the stall current until it has torn loose; the bolt doesn't move before.
INRUSH_MS = 80

OFF = "off"
OPEN = "open"  # a broken wire: driven, and nothing flows
INRUSH = "inrush"
RUNNING = "running"
STALLED = "stalled"


def running_ma(temp_c: float) -> int:
    """The current (mA) of the running motor."""
    return RUNNING_MA * STIFF_PERCENT // 100 if temp_c < STIFF_C else RUNNING_MA


def bolt_speed(mv: int) -> int:
    """Millionths of the bolt's stroke a millisecond: 600 ms for the whole at 6 V, inrush too."""
    # What the winding leaves of the voltage is for turning.
    return max(0, mv - RUNNING_MA * WINDING_MOHM // 1000) // 2


class Motor:
    """A motor and its bridge: a direction (1 locks, -1 unlocks, 0 brakes), and whether it lives."""

    def __init__(self) -> None:
        self.direction = 0
        self.dead = False
        self._torn_loose_at = 0

    def drive(self, now: int, direction: int) -> None:
        """Set the bridge's direction; a change of it begins a new inrush."""
        if direction not in (-1, 0, 1):
            raise ValueError(f"expected a motor direction of -1, 0 or 1, got {direction!r}")
        if direction != self.direction:
            self.direction = direction
            self._torn_loose_at = now + INRUSH_MS

    def state(self, now: int, held: bool) -> str:
        """What it does, where `held` says that the bolt can't follow it."""
        if not self.direction:
            return OFF
        if self.dead:
            return OPEN
        if now < self._torn_loose_at:
            return INRUSH
        return STALLED if held else RUNNING

    def next_ms(self, now: int) -> int:
        """Milliseconds until its state changes by itself; -1: it won't."""
        return self._torn_loose_at - now if self.direction and now < self._torn_loose_at else -1
