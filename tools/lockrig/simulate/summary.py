"""A life on one screen of a terminal: milestones with the cells' truth, warnings, diagnoses.

Wording is `words`'; here is only the layout.
"""

from collections.abc import Iterator

from lockrig.simulate import words
from locksim.scenarios.result import CellTruth, Diagnosis, Life, Row

_BLOCKS = "▁▂▃▄▅▆▇█"
_ASCII = "_.-=+*#@"
_WIDE = 72


def wrongly_allowed(life: Life) -> list[Diagnosis]:
    """Diagnoses that allowed the change of a discharged pack; second-hand ones are told apart."""
    return [d for d in life.diagnoses if d.exit_code == 0 and d.discharged and not d.second_hand]


def lines(life: Life, *, plain: bool = False) -> Iterator[str]:
    """The summary; `plain`: in ASCII."""
    believes = "" if life.unit_kind == life.pack_kind else f", the unit set for {life.unit_kind}"
    yield (
        f"{life.scenario}: {life.pack_kind}{believes}, {life.lock} lock, seed {life.seed}; "
        f"lived {words.span(life.days)}"
    )
    yield (
        f"{life.visits:,} visits: {life.opened:,} opened by motor, {life.found_open:,} found open, "
        f"{life.refused:,} requests refused; locked by hand {life.by_hand:,} times"
    )
    if life.unsupported:
        yield f"service desk only, the unit judges no such pack: {life.unsupported}"
    yield ""
    yield from _milestones(life)
    yield ""
    yield from _curve(life, _ASCII if plain else _BLOCKS)
    yield ""
    for lead, prompt in zip(life.leads, life.prompts, strict=True):
        pack = f" {lead.pack}" if len(life.leads) > 1 else ""
        yield f"pack{pack}: {words.lead(lead)}"
        yield f"  CHANGE_NOW: {words.prompt(prompt)}"
    yield from _charge(life.rows[-1])
    yield ""
    yield from _diagnoses(life)


def _cell(cell: CellTruth) -> str:
    return f"{cell.gone_share * 100:3.0f} % {words.volts(cell.loaded_20_mv):>8}"


def _milestones(life: Life) -> Iterator[str]:
    places = range(1, len(life.rows[0].cells) + 1)
    head = "".join(f"  cell {place:<9}" for place in places)
    wide = max((len(words.milestone(stone)) for stone in life.milestones), default=0)
    yield f"{'day':>6}  {'':<{wide}}{head}"
    for stone in life.milestones:
        cells = "".join(f"  {_cell(cell)}" for cell in stone.cells)
        yield f"{words.day(stone.day):>6}  {words.milestone(stone):<{wide}}{cells}"
    if not life.milestones:
        yield f"{'':>6}  nothing happened that the pack would be to blame for"
    yield f"{'':>8}gone of what a cell can deliver; volts under a short test load, were it 20 C"


def _curve(life: Life, blocks: str) -> Iterator[str]:
    """The weakest cell under load, as a row of blocks from first to last day."""
    each = [max(0, min(cell.loaded_20_mv for cell in row.cells)) for row in life.rows]
    wide = min(_WIDE, len(each))
    picked = [min(_slice(each, at, wide)) for at in range(wide)]
    low, high = min(picked), max(picked)
    scale = max(1, high - low)
    drawn = "".join(blocks[(mv - low) * (len(blocks) - 1) // scale] for mv in picked)
    yield f"weakest cell under load, {high / 1000:.2f} V down to {low / 1000:.2f} V:"
    yield drawn


def _slice(each: list[int], at: int, wide: int) -> list[int]:
    return each[at * len(each) // wide : (at + 1) * len(each) // wide]


def _charge(row: Row) -> Iterator[str]:
    parts = {
        "motor": row.motor_mah,
        "battery tests": row.test_mah,
        "standby": row.standby_mah,
        "radio": row.radio_mah,
    }
    drawn = sum(parts.values())
    told = ", ".join(
        f"{name} {mah:,.0f} ({mah * 100 / drawn:.0f} %)" for name, mah in parts.items() if mah
    )
    yield f"charge drawn: {drawn:,.0f} mAh; {told}"
    forced = [
        f"cell {place} {mah:,.1f} mAh (risk index {cell.risk_index})"
        for place, cell in enumerate(row.cells, start=1)
        if (mah := cell.reversed_mah + cell.charged_mah) > 0
    ]
    if forced:
        yield f"forced through cells below 0 V or backwards: {', '.join(forced)}"


def _diagnoses(life: Life) -> Iterator[str]:
    if not life.diagnoses:
        yield "nobody pressed the button"
        return
    yield "the button, pressed in the world; the judge's verdict on the recorded trace:"
    for first, last, times in words.diagnoses(life):
        days = words.day(first.day)
        if times > 1:
            days += f" to {words.day(last.day)}"
        truth = "discharged" if first.discharged else "not discharged"
        if first.discharged and first.second_hand:
            truth += ", second-hand"
        yield (
            f"{days:>14}  {words.seen(first):<16}{first.outcome:<21} in truth {truth} "
            f"({times} x, level {first.level})"
        )
    wrong = len(wrongly_allowed(life))
    count = f"WRONG: {wrong}" if wrong else "none"
    yield f"{count} of {len(life.diagnoses)} allowed the change of a discharged pack"
