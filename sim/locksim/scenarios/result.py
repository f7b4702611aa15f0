"""What a life comes to: plain data, ready for JSON, tables and drawings.

No arithmetic and no wording; charges are in mAh, voltages in mV, days count from the life's first.
"""

import msgspec


class _Struct(msgspec.Struct, frozen=True, kw_only=True):
    pass


class CellTruth(_Struct, frozen=True, kw_only=True):
    """One cell as the model knows it. `loaded_mv`: what a run of the motor would leave of it;
    `loaded_20_mv`: were it 20 C. Below 0 V they say that it can't bear the load at all."""

    rest_mv: int
    loaded_mv: int
    loaded_20_mv: int
    gone_share: float
    delivered_mah: float
    self_discharged_mah: float
    clogged_mah: float
    unavailable_mah: float
    reversed_mah: float
    charged_mah: float
    risk_index: int


class Milestone(_Struct, frozen=True, kw_only=True):
    """Something that happens once to a pack, and the truth at that moment.

    `what`: a level's name; stays_open (the unit first didn't lock, lest nobody could open);
    refused (the first opening that failed); end (the first visit that the pack let down); dead;
    reversed and discharged (`cell` counts from 1); pack (a new one is in).
    """

    day: float
    pack: int
    what: str
    why: str = ""
    cell: int = 0
    cells: list[CellTruth]


class Diagnosis(_Struct, frozen=True, kw_only=True):
    """One press of the button: what an onlooker saw, the judge's verdict, the world's truth."""

    day: float
    pack: int
    green: bool
    red_blinks: int
    outcome: str
    exit_code: int
    why: list[str]
    level: str
    answers: bool
    discharged: bool
    second_hand: bool


class Row(_Struct, frozen=True, kw_only=True):
    """One day, as it ended; charges are counted from the beginning."""

    day: int
    pack: int
    temperature_c: int
    coldest_c: int
    warmest_c: int
    level: str
    ground: str
    up: bool
    resets: int
    visits: int
    opened: int
    found_open: int
    refused: int
    by_hand: int
    runs: int
    motor_mah: float
    test_mah: float
    standby_mah: float
    radio_mah: float
    cells: list[CellTruth]


class Prompt(_Struct, frozen=True, kw_only=True):
    """How soon after the model's weakest cell showed it under load the unit said CHANGE_NOW.

    `runs`: of the motor, the one that showed it among them; None with `why_not` if it never did.
    """

    pack: int
    shown_on: float | None
    runs: int | None
    why_not: str = ""


class Lead(_Struct, frozen=True, kw_only=True):
    """How many days before the end of a pack each level came; None: it didn't, or no end did."""

    pack: int
    soon_days: float | None
    now_days: float | None
    end_day: float | None


class Life(_Struct, frozen=True, kw_only=True):
    """A whole life. `unsupported`: why a unit can't tell when such a pack is discharged."""

    scenario: str
    about: str
    pack_kind: str
    unit_kind: str
    unsupported: str
    lock: str
    seed: int
    empty_mv: int
    soon_mv: int
    now_mv: int
    discharged_mv: int
    days: int
    visits: int
    opened: int
    found_open: int
    refused: int
    by_hand: int
    runs: int
    milestones: list[Milestone]
    leads: list[Lead]
    prompts: list[Prompt]
    diagnoses: list[Diagnosis]
    rows: list[Row]
