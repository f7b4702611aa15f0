"""The faults that are planted into an update over the link: see `faults`."""

from tests.lockhil.powercut.faults import Fault

_TRIAL_IN_PLACE = """\
    with open(_TRIAL + _BESIDE, "wb") as file:
        file.write(folder[1:].encode() + _STARTS)
    os.rename(_TRIAL + _BESIDE, _TRIAL)
"""
_IN_USE_AT_ONCE = """\
    with open(_SLOT, "wb") as file:
        file.write(folder[1:].encode())
"""

UPDATE_FAULTS = {
    "a trial before the update is verified": Fault(
        (
            (
                "lockunit/filling.py",
                "        self.phase = VERIFYING\n",
                "        self.phase = VERIFYING\n        self._slot.try_it()\n",
            ),
        ),
        "update altered",
        "PWR-1",
        "it comes back and answers",
        "the unit didn't come back",
    ),
    "an update that isn't verified": Fault(
        (
            (
                "lockunit/filling.py",
                'return "" if reading.good() else NOT_VERIFIED',
                'return ""',
            ),
        ),
        "update altered",
        "PWR-1",
        "it comes back and answers",
        "the unit didn't come back",
    ),
    "an update in use without a trial": Fault(
        (("lockboards/slots.py", _TRIAL_IN_PLACE, _IN_USE_AT_ONCE),),
        "update",
        "UPD-7",
        "what was confirmed stays in use",
        "it is in use, and was never tried",
        begin=90,
    ),
}
