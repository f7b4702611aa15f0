"""Histories of a battery change and of a unit's life, and what each owes after a cut.

A change goes on where it broke off, and counts nothing that another pack may have done; a customer
who was forgotten isn't remembered.
"""

from lockhil.journal.reader import acknowledge, pages
from lockhil.powercut.invariants import steps
from lockhil.powercut.scenario import Aftermath, Invariant, Said, Scenario
from lockhil.targets import Target
from lockunit import battery

CUSTOMER, NEXT_CUSTOMER = "K-100200", "K-100300"
_OUT_MS = 3_000


def _proved(unit: Target, role: str) -> None:
    """From the pack's absence to the change's end."""
    link, clock = unit.link, unit.bench.clock
    unit.bench.power_cut(_OUT_MS)
    unit.bench.set_pack("good")
    clock.advance(ms=_OUT_MS + 1_000)
    link.call("battery.replaced", role=role, confirmed=True)
    for _ in range(5):
        link.call("bolt.unlock")
        link.call("bolt.lock")
    link.call("swap.close", role=role)
    clock.advance(seconds=1)


def _by_staff(unit: Target) -> None:
    unit.bench.clock.advance(seconds=70)
    unit.link.call("swap.begin", role="staff", gate="fresh")
    unit.bench.clock.advance(seconds=1)
    _proved(unit, "staff")


def _by_desk(unit: Target) -> None:
    unit.bench.clock.advance(seconds=1)
    unit.link.call("swap.begin", role="desk", gate="diagnosed")
    _proved(unit, "desk")


def _unannounced(unit: Target) -> None:
    """Somebody changes the pack and says nothing; later somebody else begins, and gives up."""
    unit.bench.clock.advance(seconds=70)
    unit.link.call("swap.begin", role="staff", gate="fresh")
    unit.bench.power_cut(_OUT_MS)
    unit.bench.clock.advance(ms=_OUT_MS + 1_000)
    unit.link.call("swap.cancel", role="staff")
    unit.bench.clock.advance(seconds=1)


def _lives(unit: Target) -> None:
    """At a customer's; read; moved; at the next one's, read, and taken down."""
    link = unit.link
    for customer, leave in ((CUSTOMER, "unit.move"), (NEXT_CUSTOMER, "unit.dismount")):
        link.call("unit.couple", role="service", customer=customer)
        link.call("bolt.unlock")
        link.call("bolt.lock")
        acknowledge(link, max(page.held.last for page in pages(link)))
        link.call(leave, role="service")
    unit.bench.clock.advance(seconds=1)


def _after_the_cut(phase: str, reached: Said) -> Said:
    """What a step leaves of itself where power goes after it."""
    told = {name: reached[name] for name in ("phase", "locks", "unlocks")}
    if phase == "begun":
        told["phase"] = "out"
    elif phase == "replaced":
        told |= {"locks": 0, "unlocks": 0}
    return told


def goes_on(after: Aftermath) -> str:
    """The change is where it was told to be, or one step further; its runs begin anew."""
    before = steps(after.told)
    start: Said = {"phase": "none", "locks": 0, "unlocks": 0}
    reached = [before[-1] if before else start, *steps(after.uncut)[len(before) :][:1]]
    allowed = [_after_the_cut(step["phase"], step) for step in reached]
    found = {name: after.change[name] for name in ("phase", "locks", "unlocks")}
    if found["phase"] == "none":
        # What an ended change had counted is of no use any more.
        return "" if any(one["phase"] == "none" for one in allowed) else f"it forgot {reached[0]}"
    return "" if found in allowed else f"it is at {found}, expected one of {allowed}"


def counts_changes(after: Aftermath) -> str:
    """So many changes were closed as were told to be, or one more that was just being told."""
    told = [step["what"] for step in steps(after.told)].count("closed")
    uncut = [step["what"] for step in steps(after.uncut)].count("closed")
    found = after.change["swaps"]
    return "" if found in (told, min(told + 1, uncut)) else f"{told} were closed, {found} are known"


def unannounced_stays(after: Aftermath) -> str:
    """A pack that nobody announced stays one until a change is closed."""
    told = [step["what"] for step in steps(after.told)]
    gone = "cancelled" in told and "out" in told
    return "it is forgotten" if gone and not after.change["unannounced"] else ""


def lifted_by_a_proof(after: Aftermath) -> str:
    """A suspicion that isn't there any more went with the last step of the desk's change."""
    if after.report["level"] == "SUSPECTED_DISCHARGED":
        return ""
    before = steps(after.told)
    reached = [*before, *steps(after.uncut)[len(before) :][:1]]
    return "" if reached and reached[-1]["what"] == "closed" else "it went before the proof"


def _lived(said: list[Said]) -> list[tuple[str, str]]:
    """State and customer, each time that they were told by who changed them."""
    answers = [one["result"] for one in said if isinstance(one.get("result"), dict)]
    return [
        (told["life"], told.get("customer", ""))
        for told in answers
        if "life" in told and told.get("result") == "done"
    ]


def is_whose_it_was(after: Aftermath) -> str:
    """Its state and its customer are those that were told, or the next ones."""
    told = _lived(after.told)
    allowed = [told[-1] if told else ("stock", ""), *_lived(after.uncut)[len(told) :][:1]]
    found = after.life.get("life", ""), after.life.get("customer", "")
    return "" if found in allowed else f"it is {found}, expected one of {allowed}"


def movements_go_with_their_customer(after: Aftermath) -> str:
    """Nothing of the bolt is left of a customer who was told to be forgotten."""
    gone = [at for at, (state, _) in enumerate(_lived(after.told)) if state != "coupled"]
    if not gone or after.held is None:
        return ""
    acked = [
        one["result"]["acked"]
        for one in after.told
        if isinstance(one.get("result"), dict) and "acked" in one["result"]
    ]
    # Of the last one who was forgotten: as far as was read before that.
    upto = max(acked[: 2 * len(gone)])
    return "" if after.held.first > upto else f"records from {after.held.first} on are still there"


CHANGE = (
    Invariant("BATT-5", "a change goes on where it broke off", goes_on),
    Invariant("BATT-4", "no change is counted twice or forgotten", counts_changes),
    Invariant("BATT-9", "an unannounced pack stays one", unannounced_stays),
)
_DESK = (*CHANGE, Invariant("BATT-9", "the proof alone lifts a suspicion", lifted_by_a_proof))
_LIFE = (
    Invariant("PWR-1", "it is whose it was", is_whose_it_was),
    Invariant("MOVE-1", "movements go with their customer", movements_go_with_their_customer),
)


def _kept(level: int, ground: int) -> bytes:
    """How the battery monitor keeps a level."""
    return bytes((level, level ^ 255, ground, ground ^ 255, 0, 255))


_SUSPECTED = _kept(battery.SUSPECTED, battery.G_BELOW)

SCENARIOS = (
    Scenario("change", "the staff change a pack, from the gate to the proof", _by_staff,
             invariants=CHANGE),
    Scenario("desk's change", "the desk changes a suspected pack", _by_desk,
             stored={"battery": _SUSPECTED}, level=("SUSPECTED_DISCHARGED", "below_threshold"),
             invariants=_DESK),
    Scenario("unannounced", "a change is given up after the pack was out", _unannounced,
             invariants=CHANGE),
    Scenario("lives", "two customers and the end", _lives, invariants=_LIFE),
)  # fmt: skip
