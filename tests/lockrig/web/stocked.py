"""A folder with something of everything that the pages show: units seen, records whole and not.

No test in here.
"""

from datetime import timedelta
from pathlib import Path

from lockrig.diagnose.keeping import now
from lockrig.overview.seen import AIR, LINK, Observation, remember
from lockrig.records.index import Index
from tests.lockrig.records.archive import keep, record_of

OLD = timedelta(days=9)
HOSTILE = '<script>alert(1)</script>"\u202e'


def stock(folder: Path) -> dict[str, str]:
    """Fill it; the ids of its records by what they are."""
    ids = {
        "allowed": keep(folder, "allowed", unit="OLD-1", ago=timedelta(days=3)),
        "fresh": keep(folder, "allowed", unit="FRESH-1"),
        "suspected": keep(folder, "suspected", unit="SUS-1"),
        "training": keep(folder, "allowed", unit="SIM-1", training=True),
        "damaged": keep(folder, "inconclusive", unit="DAM-1"),
        "missing": keep(folder, "withdrawn", unit="GONE-1"),
    }
    index = Index(folder)
    index.refresh()
    index.close()
    record_of(folder, ids["damaged"], "DAM-1").write_text("{}")
    record_of(folder, ids["missing"], "GONE-1").unlink()
    remember(folder, observations(), training=False)
    return ids


def observations() -> list[Observation]:
    """What was seen of units: in each level, and of one for half a year."""
    at = now()
    told = [
        Observation(at - timedelta(days=d), unit, source, level=level, fresh=True, customer=who)
        for unit, level, d, source, who in (
            ("GOOD-1", "GOOD", 1, LINK, HOSTILE),
            ("STALE-1", "GOOD", OLD.days, LINK, "K-7"),
            ("NOW-1", "CHANGE_NOW", OLD.days, LINK, "K-8"),
            ("AIR-1", "CHANGE_SOON", 0, AIR, ""),
            ("AHEAD-1", "GOOD", -5, AIR, ""),
        )
    ]
    told += [
        Observation(
            at - timedelta(days=180 - 10 * n),
            "READ-1",
            LINK,
            level="GOOD",
            fresh=True,
            loaded_mv=2_900 - 8 * n,
            rest_mv=6_150 - 10 * n,
            temp_c=20,
            supply="battery",
            fits=True,
            customer="K-9",
        )
        for n in range(18)
    ]
    return told
