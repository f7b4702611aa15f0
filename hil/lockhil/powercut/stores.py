"""Histories of the stores themselves: contents replaced many times over, and storage gone bad.

What is stored here nothing on the link reaches yet, so a `main.py` of the scenario's own does it.
"""

from lockhil.powercut.scenario import Aftermath, Invariant, Scenario, notified
from lockhil.targets import Target
from lockunit.settings import Settings

# Each store and its length: within a directory's block, and in blocks of its own.
KEPT = {"small": 4, "large": 300, "larger": 5_000}
# So often that LittleFS has to tidy the directory's block in between.
_TIMES = 14
_MISSING, _TORN = -1, -2

_KEEPER = f"""
from lockboards.files import Files
files = Files("/data")
kept = {KEPT!r}
def found(name):
    data = files.fetch(name)
    if data is None:
        return {_MISSING}
    whole = len(data) == kept[name] and data == bytes((data[0],)) * len(data)
    return data[0] if whole else {_TORN}
began = {{name: found(name) for name in kept}}
say("kept.found", **began)
if max(began.values()) < 0:
    for number in range({_TIMES}):
        for name in sorted(kept):
            files.store(name, bytes((number,)) * kept[name])
            say("kept.stored", **{{name: number}})
"""


def old_or_new(after: Aftermath) -> str:
    """Each content is the one that was said to be stored, or the one that was being stored."""
    (found,) = notified(after.said, "kept.found")
    stored = dict.fromkeys(KEPT, _MISSING)
    for params in notified(after.told, "kept.stored"):
        stored |= params
    for name, number in stored.items():
        if found[name] not in (number, number + 1):
            return f"{name}: number {number} was stored, found is {found[name]}"
    return ""


def _changed() -> bytes:
    settings = Settings("laundry")
    settings.set("release_ms", 9_000)
    return settings.encode()


_OLD, _NEW = Settings("laundry").encode(), _changed()

_SETTER = f"""
from lockboards.files import Files
files = Files("/data")
old, new = {_OLD!r}, {_NEW!r}
held = files.fetch("settings")
say("set.found", which=0 if held == old else 1 if held == new else {_TORN})
if held == old:
    files.store("settings", new)
    say("set.stored", which=1)
"""


def settings_whole(after: Aftermath) -> str:
    """The settings are the old or the new ones; once the new ones were told, the new ones."""
    (found,) = notified(after.said, "set.found")
    allowed = (1,) if notified(after.told, "set.stored") else (0, 1)
    return "" if found["which"] in allowed else f"found are {found['which']}, of {allowed}"


def suspicious(after: Aftermath) -> str:
    """A latch that can't be read is a suspicion, with that ground."""
    found = after.report["level"], after.report["ground"]
    wanted = ("SUSPECTED_DISCHARGED", "storage")
    return "" if found == wanted else f"it reports {found}, expected {wanted}"


_CORRUPT = b"\x01\xfe\x00"
_KEPT_ASIDE = """
def held(name):
    try:
        with open("/data/" + name, "rb") as file:
            return list(file.read())
    except OSError:
        return None
say("held", now=held("battery"), aside=held("battery.refused"))
"""


def corrupt_is_kept(after: Aftermath) -> str:
    """What was corrupt is there or aside."""
    (found,) = notified(after.said, "held")
    return "" if list(_CORRUPT) in found.values() else f"it is gone: {found}"


def _one_bit(flash: bytearray) -> None:
    """The two cells of the settings become three."""
    place = flash.index(b'"cells":2') + 8
    flash[place] ^= 1


def _boot(unit: Target) -> None:
    unit.bench.clock.advance(seconds=1)


def _sample(unit: Target) -> None:
    """Until the battery's first sample has found a level that differs from the stored one."""
    unit.bench.clock.advance(seconds=70)


SCENARIOS = (
    Scenario(
        "replaced",
        "stores of each size replaced over and over",
        _boot,
        main=_KEEPER,
        invariants=(Invariant("PWR-1", "what was stored is kept", old_or_new),),
    ),
    Scenario(
        "settings",
        "settings stored over others",
        _boot,
        {"kind": "laundry"},
        {"settings": _OLD, "kind": b"laundry"},
        main=_SETTER,
        invariants=(Invariant("PWR-1", "settings are old or new", settings_whole),),
    ),
    Scenario(
        "bad latch",
        "what the battery monitor stored is corrupt",
        _boot,
        stored={"battery": _CORRUPT},
        refused=("battery",),
        invariants=(
            Invariant("PWR-2", "a corrupt latch is a suspicion", suspicious),
            Invariant("PWR-2", "what was corrupt is kept", corrupt_is_kept),
        ),
        main=_KEPT_ASIDE,
    ),
    Scenario(
        "rotten settings",
        "one bit of the settings is another: LittleFS keeps no checksum over a file's blocks",
        _sample,
        {"kind": "entrance"},
        {"kind": b"entrance"},
        spoils=_one_bit,
        refused=("settings",),
    ),
    Scenario(
        "bad settings",
        "the settings are corrupt",
        _sample,
        stored={"settings": b'{"relock_ms":-1}'},
        refused=("settings",),
    ),
)
