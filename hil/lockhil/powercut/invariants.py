"""What a unit owes its people after a loss of power at any moment, whatever it was doing.

Only what was seen from outside counts; what a store of its own owes stands in its scenario.
"""

from lockhil.powercut.scenario import Aftermath, Invariant, Said, notified

Level = tuple[str, str]
SUSPECTED = "SUSPECTED_DISCHARGED"
# Between the ends nobody knows.
_SENSED = {"LOCKED": "LOCKED", "UNLOCKED": "UNLOCKED", "BETWEEN": "UNKNOWN"}


def _level(params: Said) -> Level:
    return params["level"], params["ground"]


def levels(said: list[Said]) -> list[Level]:
    """The levels of the pack that were told, each with its ground."""
    return [_level(params) for params in notified(said, "battery.level")]


def steps(said: list[Said]) -> list[Said]:
    """The steps of a battery change that were told."""
    return notified(said, "swap.step")


def comes_back(after: Aftermath) -> str:
    """It boots, says so, and answers."""
    if after.died:
        return f"the unit didn't come back: {after.died}"
    # A sealed unit tells no stranger.
    if not after.scenario.begin().sealed and not notified(after.said, "unit.boot"):
        return "it said nothing of its boot"
    return "" if after.hello.get("unit") else f"no hello: {after.hello}"


def opens(after: Aftermath) -> str:
    """It opens the door; one that was taken down opens none."""
    if after.life.get("life") == "dismounted" and after.opened == "DISMOUNTED":
        return ""
    return "" if after.opened == "done" else f"{after.opening}: {after.opened}"


def level_holds(after: Aftermath) -> str:
    """The level is the one that was told last, or the one that was just going to be told."""
    before = levels(after.told)
    allowed = [
        before[-1] if before else after.scenario.level,
        *levels(after.uncut)[len(before) :][:1],
    ]
    allowed += [level for level in levels(after.said) if level[0] == SUSPECTED]
    # A good level that nobody has read since the boot isn't told as one.
    allowed += [("UNKNOWN", ground) for name, ground in allowed if name == "GOOD"]
    level = _level(after.report)
    if level in allowed:
        return ""
    return f"it reports {level}, expected one of {allowed}"


def suspicion_stands(after: Aftermath) -> str:
    """A suspicion that was told stands, with its ground, until a change was closed."""
    done = len(steps(after.told)) + 1
    if "closed" in [step["what"] for step in steps(after.uncut)[:done]]:
        return ""
    before = [
        level for level in (after.scenario.level, *levels(after.told)) if level[0] == SUSPECTED
    ]
    level = _level(after.report)
    if not before or level in before:
        return ""
    return f"{before[-1]} was told and is forgotten: it reports {level}"


def kind_holds(after: Aftermath) -> str:
    """It is the kind of lock that its settings say."""
    kind = after.scenario.begin().kind
    told = after.hello.get("kind")
    return "" if told == kind else f"expected the kind {kind}, it says {told}"


def names_what_is_corrupt(after: Aftermath) -> str:
    """What is corrupt is named, in its hello and unasked."""
    named = after.hello.get("refused", [])
    unasked = {params["name"] for params in notified(after.said, "storage.refused")}
    for name in after.scenario.refused:
        if name not in named:
            return f"{name} is corrupt, and hello doesn't name it: {named}"
        if name not in unasked:
            return f"{name} is corrupt, and nobody was told"
    return ""


def nothing_gets_corrupt(after: Aftermath) -> str:
    """Losing power makes nothing corrupt."""
    found = set(after.hello.get("refused", [])) - set(after.scenario.refused)
    return f"after the cut it refuses {sorted(found)}" if found else ""


def bolt_is_sensed(after: Aftermath) -> str:
    """The bolt is told to be where it is."""
    boot = notified(after.said, "unit.boot")
    told = [params["bolt"] for params in boot] + [after.state]
    wrong = [state for state in told if state != _SENSED[after.place]]
    return f"the bolt is {after.place}, told was {wrong[0]}" if wrong else ""


def is_dark_and_still(after: Aftermath) -> str:
    """Nothing is driven until somebody asks for it."""
    return f"driven at the boot: {after.driven[0]}" if after.driven else ""


COMES_BACK = Invariant("PWR-1", "it comes back and answers", comes_back)
COMMON = (
    Invariant("PWR-1", "it opens the door", opens),
    Invariant("PWR-1", "the level told is the level kept", level_holds),
    Invariant("PWR-1", "no suspicion is forgotten", suspicion_stands),
    Invariant("PWR-1", "it stays the kind of lock it is", kind_holds),
    Invariant("PWR-1", "nothing gets corrupt", nothing_gets_corrupt),
    Invariant("PWR-2", "what is corrupt is named", names_what_is_corrupt),
    Invariant("BOLT-5", "the bolt is sensed", bolt_is_sensed),
    Invariant("BOLT-5", "dark and still", is_dark_and_still),
)
