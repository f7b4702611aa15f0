"""Remembers what a scan heard, or a unit said, and tells in one line if it can't.

It turns foreign words into observations; keeping them is `seen`'s.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lockhil.bluetooth.sighting import Battery, Sighting
from lockrig.i18n import _
from lockrig.overview.seen import (
    AIR,
    LEVELS,
    LINK,
    CantRememberError,
    Observation,
    number,
    remember,
)
from lockrig.records.record import normal_label
from lockrig.trace.terminal import safe

if TYPE_CHECKING:
    from lockrig.battery.change import Seen

_AIR = {
    Battery.GOOD: "GOOD",
    Battery.UNKNOWN: "UNKNOWN",
    Battery.CHANGE_SOON: "CHANGE_SOON",
    Battery.CHANGE_NOW: "CHANGE_NOW",
    Battery.SERVICE_DESK_ONLY: "SUSPECTED_DISCHARGED",
}


def remember_air(root: Path, heard: Iterable[Sighting], *, training: bool) -> None:
    """Keep what a scan heard of units that call themselves by a label."""
    now = datetime.now(UTC)
    found, nameless = [], 0
    for each in heard:
        label = normal_label(each.name)
        if label is None:
            nameless += 1
            continue
        found.append(
            Observation(
                now,
                label,
                AIR,
                level=_AIR[each.battery],
                fresh=each.percent is not None,
                address=each.address[:40],
            )
        )
    if _kept(root, found, training=training):
        told = _("remembered: {count} units").format(count=len(found))
        if nameless:
            told += _("; {count} without a label weren't").format(count=nameless)
        click.echo(f"lockrig: {told}", err=True)


def remember_report(root: Path, seen: "Seen", life: Mapping[str, Any], *, training: bool) -> None:
    """Keep what a unit said over its link; `life`: of its life, if it told."""
    label = normal_label(seen.unit)
    if label is None:
        told = _("not remembered: {unit} is no label").format(unit=safe(repr(seen.unit)))
        click.echo(f"lockrig: {told}", err=True)
        return
    report, customer = seen.report, life.get("customer")
    fits, supply = report.get("fits"), report.get("supply")
    observed = Observation(
        datetime.now(UTC),
        label,
        LINK,
        level=seen.level if seen.level in LEVELS else "UNKNOWN",
        fresh=seen.fresh,
        ground="" if seen.ground == "none" else seen.ground[:40],
        supply=str(supply)[:20] if isinstance(supply, str) else "",
        fits=fits if isinstance(fits, bool) else None,
        firmware=seen.firmware[:40],
        kind=seen.kind[:20],
        customer=customer[:64] if isinstance(customer, str) else "",
        loaded_mv=number(report.get("last_loaded_mv")),
        rest_mv=number(report.get("last_rest_mv")),
        temp_c=number(report.get("temp_c")),
        swaps=number(seen.swaps) if seen.phase else None,
    )
    _kept(root, [observed], training=training)


def _kept(root: Path, found: list[Observation], *, training: bool) -> bool:
    try:
        remember(root, found, training=training)
    except CantRememberError as error:
        told = _("not remembered: {why}").format(why=error)
        click.echo(f"lockrig: {told}", err=True)
        return False
    return True
