"""The slot that this firmware lies in, and the one in use: boot.py chose between them.

docs/flash.md tells what the files mean; a loss of power leaves each as it was or as it was to be.
"""

import os

# This file is /a/lockboards/slots.mpy, or /b's.
FOLDER = __file__.rsplit("/", 2)[0]
_SLOT, _TRIAL = "/slot", "/trial"
_BESIDE = ".new"
_STARTS = b"3"


def on_trial() -> bool:
    """Whether this start is a trial: this is a slot, and another one is in use."""
    try:
        with open(_SLOT, "rb") as file:
            used = "/b" if file.read(2) == b"b" else "/a"
    except OSError:
        used = "/a"
    return FOLDER in ("/a", "/b") and used != FOLDER


def confirm() -> None:
    """Take this slot into use. OSError: it isn't."""
    with open(_SLOT + _BESIDE, "wb") as file:
        file.write(FOLDER[1:].encode())
    # From here on it is in use. What is left of the trial is no trial any more.
    os.rename(_SLOT + _BESIDE, _SLOT)
    try:
        reject()
    except OSError:
        pass  # boot.py removes it


def reject() -> None:
    """Let the next start be one of the slot in use. OSError: it is one of this trial's."""
    os.remove(_TRIAL)


def try_slot(folder: str) -> None:
    """Let the next starts be a trial of the slot in this folder. OSError: they aren't."""
    with open(_TRIAL + _BESIDE, "wb") as file:
        file.write(folder[1:].encode() + _STARTS)
    os.rename(_TRIAL + _BESIDE, _TRIAL)
