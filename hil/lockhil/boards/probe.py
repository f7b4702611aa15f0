"""What putting the probe's program on a board would do to it, or why it is refused.

It touches no board; how a plan is carried out is `flash`'s, as with a unit's firmware.
"""

from lockhil.boards import onboard
from lockhil.boards.contents import look
from lockhil.boards.firmware import BESIDE, MAIN, sha256
from lockhil.boards.plan import LABEL, MissingError, Plan, RefusedError
from lockhil.boards.session import Visit
from lockhil.probe.files import FOLDER, laid_out, version
from lockhil.probe.wiring import Wiring

SLOT = f"/{FOLDER}"
# The wires and the name go with the modules; what starts it all comes last.
_OURS = b"lockprobe.app"


def make_probe_plan(here: Visit, wiring: Wiring, label: str, *, adopt: bool) -> Plan:
    """RefusedError, MissingError, BoardError, NoContactError, FirmwareError."""
    if not LABEL.fullmatch(label):
        raise MissingError(f"--unit: expected at most 16 of A-Z, 0-9 and -, got {label!r}")
    files = {f"/{place}": data for place, data in laid_out(wiring, label).items()}
    unfit = here.who.unfit(next(data for p, data in files.items() if p.endswith(".mpy"))[1])
    if unfit is not None:
        raise RefusedError(f"{here.who} isn't a board for a probe: {unfit}")
    found = look(here.repl)
    if found.unit is not None or found.home is not None:
        raise RefusedError(
            f"the board is the unit {found.unit or 'of nobody'}; a probe is another board: "
            "is it the right port?"
        )
    hashes = {place: digest for place, _, digest in here.repl.values(onboard.hash_folder(SLOT))}
    if MAIN in found.sha256 and not adopt and not _is_ours(here):
        raise RefusedError(
            f"there is somebody else's {MAIN} on {here.who}; --adopt puts the probe's there (the "
            f"old file is kept as {MAIN}.old)"
        )
    copy = [p for p, data in files.items() if p != MAIN and hashes.get(p) != sha256(data)]
    put = [] if found.sha256.get(MAIN) == sha256(files[MAIN]) and not copy else [MAIN]
    gone = [place for place in hashes if place not in files or place in copy]
    ours = _is_ours(here) if MAIN in found.sha256 else False
    # Without it nothing starts while the rest is half there.
    remove = [*([MAIN] if ours and copy else []), *gone]
    beside = [MAIN + BESIDE] if MAIN + BESIDE in found.sha256 else []
    return Plan(
        files=files,
        slot=SLOT,
        remove=[*remove, *beside],
        clone={},
        copy=copy,
        put=put,
        keep=[] if ours else [p for p in put if p in found.sha256],
        trial=False,
        board=wiring.name,
        before=None,
        version=version(),
    )


def _is_ours(here: Visit) -> bool:
    [content] = here.repl.values(onboard.content(MAIN, 2_048))
    return _OURS in content
