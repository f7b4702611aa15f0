"""The faults that are planted into what sealed sessions keep: see `faults`."""

from tests.lockhil.powercut.faults import Fault

_SET = """\
        if not self._kept.put(time_s):
            return STORAGE
"""

ACCESS_FAULTS = {
    "a session's number that isn't reserved": Fault(
        (
            (
                "lockunit/access.py",
                "if ahead > kept.LARGEST or not self._counter.put(ahead):\n"
                "                return False\n",
                "if ahead > kept.LARGEST:\n"
                "                return False\n"
                "            self._counter.value = ahead\n",
            ),
        ),
        "sessions",
        "SESS-10",
        "no session's number comes twice",
        "session 63 came after 65",
        begin=85,
    ),
    "a back-off that isn't stored": Fault(
        (
            (
                "lockunit/access.py",
                "self._backoff.put(self.stage)",
                "self._backoff.value = self.stage",
            ),
        ),
        "sessions",
        "SESS-10",
        "the back-off isn't cut short",
        "a false proof waited 250 ms, expected 500",
        begin=24,
    ),
    "an epoch that isn't stored": Fault(
        (
            (
                "lockunit/access.py",
                "or not self._epoch.put(self.epoch + 1):\n            return STORAGE\n",
                "or self._epoch.value < 0:\n            return STORAGE\n"
                "        self._epoch.value += 1\n",
            ),
        ),
        "credentials",
        "SESS-10",
        "the epoch is the one that was told",
        "it is 1, expected one of [3",
        begin=90,
    ),
    "a bound that isn't stored with the clock": Fault(
        (("lockunit/timebound.py", _SET, ""),),
        "credentials",
        "SESS-10",
        "the bound of the time holds",
        "what was over by it is done",
        begin=90,
    ),
}
