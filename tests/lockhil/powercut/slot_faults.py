"""The faults that are planted into the slots of a board: see `faults`."""

from tests.lockhil.powercut.faults import Fault

_COUNT = """\
            with open("/trial.new", "wb") as file:
                file.write(bytes((trial[0], trial[1] - 1)))
            os.rename("/trial.new", "/trial")
"""
_COUNT_IN_PLACE = """\
            with open("/trial", "wb") as file:
                file.flush()
                file.write(bytes((trial[0], trial[1] - 1)))
"""
_MAIN = "        unit = Unit(board, _settings(board), now())\n"
_COUNT_LATER = """\
        try:
            with open("/trial", "rb") as file:
                trial = file.read()
            with open("/trial.new", "wb") as file:
                file.write(bytes((trial[0], trial[1] - 1)))
            import os
            os.rename("/trial.new", "/trial")
        except OSError:
            pass
"""
_CONFIRM = """\
    with open(_SLOT + _BESIDE, "wb") as file:
"""
_CONFIRM_LAST = """\
    reject()
    with open(_SLOT + _BESIDE, "wb") as file:
"""

SLOT_FAULTS = {
    "the count lowered after the start": Fault(
        (
            ("rootfs/boot.py", _COUNT, ""),
            ("lockboards/app.py", _MAIN, _MAIN + _COUNT_LATER),
        ),
        "trial that ends",
        "PWR-1",
        "it comes back and answers",
        "the unit didn't come back",
    ),
    "a confirmation that ends the trial first": Fault(
        (("lockboards/slots.py", _CONFIRM, _CONFIRM_LAST),),
        "trial",
        "PWR-1",
        "a trial isn't cut short",
        "its trial is over, it runs ('0.1.0', False)",
        begin=40,
    ),
    "the count stored in place": Fault(
        (("rootfs/boot.py", _COUNT, _COUNT_IN_PLACE),),
        "trial",
        "PWR-1",
        "a trial isn't cut short",
        "its trial is over, it runs ('0.1.0', False)",
    ),
    "a confirmation told before it is stored": Fault(
        (("lockunit/trial.py", "            self.board.confirm()\n", "            pass\n"),),
        "trial",
        "PWR-1",
        "what was confirmed stays in use",
        "it was confirmed, and it runs",
    ),
    "a trial that isn't given up": Fault(
        (("lockunit/trial.py", "            self.board.reject()\n", "            pass\n"),),
        "trial given up",
        "PWR-1",
        "given up it stays",
        "nobody confirmed it; after 2 starts it runs",
    ),
}
