"""A folder with firmware that the user gives: a copy of firmware/, of lockunit/, or of all."""

from pathlib import Path

from lockrig.errors import Exit, LockrigError


def firmware_folder(given: Path) -> Path:
    """The folder that has `lockunit` in it. LockrigError (usage)."""
    for root in (given, given / "firmware"):
        if (root / "lockunit" / "unit.py").is_file():
            return root.resolve()
    if given.name == "lockunit" and (given / "unit.py").is_file():
        return given.resolve().parent
    raise LockrigError(
        f"no firmware in {given}: expected lockunit/unit.py there; "
        "copy the folder firmware/ and give the copy",
        Exit.USAGE,
    )
