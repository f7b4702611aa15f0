"""Why a unit refuses an update, in words; engineers' texts are in English alone."""

from lockhil.update.package import Header

_WHY = {
    "UNPROVISIONED": "it has no lock's key: lockrig flash puts firmware on it, over its console",
    "NOT_PROVED": "the package isn't signed with its key: it was altered, or made by another key "
    "store, or before the unit got another key; let lockrig package make a new one",
    "WRONG_UNIT": "the package is for {unit}, which isn't this one",
    "WRONG_BOARD": "the package is for the board {board}, and this is another",
    "OLDER": "it runs {runs}, which is newer than {version}; lockrig package --downgrade makes a "
    "package that may go over it",
    "FULL": "it has less than the {room} KB that it needs: at its console, remove files that "
    "aren't ours",
    "BUSY": "it moves, or a diagnostic or a battery change goes on: try again later",
    "STORAGE": "its flash doesn't take it; call the service desk if that comes again",
    "WRONG_MANIFEST": "its firmware knows no such list of files: lockrig flash, over its console",
    "NOT_VERIFIED": "what lies there isn't what the package says: run it again",
}


def refusal(result: str, header: Header, runs: str | None) -> str:
    """What the unit, which runs version `runs`, has against it."""
    told = {
        "unit": header.unit,
        "board": header.board,
        "version": header.version,
        "room": header.room // 1024,
        "runs": runs,
    }
    why = _WHY.get(result, "{result}").format(result=result, **told)
    return f"the unit refuses: {why}"
