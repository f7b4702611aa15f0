"""What may differ from unit to unit: the kind of lock, its delays, the profile of its pack.

Values and their limits only; how they survive a loss of power is not settled here.
"""

KIND_DOOR = "door"
KIND_ENTRANCE = "entrance"
KIND_LAUNDRY = "laundry"
KINDS = (KIND_DOOR, KIND_ENTRANCE, KIND_LAUNDRY)


class Settings:
    """The settings of one unit; the defaults suit a door lock with two 3 V lithium cells."""

    def __init__(self, kind: str = KIND_DOOR) -> None:
        if kind not in KINDS:
            raise ValueError("kind must be one of " + ", ".join(KINDS) + ", got " + repr(kind))
        self.kind = kind
        # Auto-relock of a door lock; 0 switches it off.
        self.relock_ms = 30_000
        # How long an entrance or laundry lock stays released.
        self.release_ms = 5_000
        # Cells in series: what a pack without taps is divided by.
        self.cells = 2
        # A cell's voltage under the motor's current, or the test load's, below which ...
        self.soon_mv = 2_600
        self.now_mv = 2_450
        self.discharged_mv = 2_200
        # The pack's voltage below which the motor isn't tried, or can't be blamed for stalling.
        self.motor_min_mv = 3_600
        # A current that no running motor draws.
        self.stall_ma = 900
        self.sample_ms = 6 * 3_600_000
