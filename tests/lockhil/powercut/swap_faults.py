"""The faults that are planted into a change of the battery and a unit's life: see `faults`."""

from tests.lockhil.powercut.faults import Fault

_STORED = "self.saved = self.board.store(_STORED_AS, checked(kept))"
_LIFE_STORED = "if not self.board.store(_STORED_AS, checked(head + customer.encode())):"

SWAP_FAULTS = {
    "what another pack did counts": Fault(
        (("lockunit/swap.py", "elif self.phase == REPLACED and", "elif False and"),),
        "change",
        "BATT-5",
        "a change goes on where it broke off",
        "'locks': 4",
        begin=75,
    ),
    "a registration that isn't stored": Fault(
        (
            ("lockunit/swap.py", _STORED, "self.saved = phase_kept or " + _STORED[13:]),
            (
                "lockunit/swap.py",
                "        kept = struct.pack(",
                "        phase_kept = self.phase == REPLACED\n        kept = struct.pack(",
            ),
        ),
        "change",
        "BATT-5",
        "a change goes on where it broke off",
        "it is at {'phase': 'out'",
        begin=50,
    ),
    "closed before it is counted": Fault(
        (
            (
                "lockunit/swap.py",
                'self._go(NONE, "closed"):',
                'self._go(NONE, "closed") and self._go(NONE, ""):',
            ),
            (
                "lockunit/swap.py",
                "        self.swaps, self.swapped_at = min(self.swaps + 1",
                "        self.swaps, self.swapped_at = min(self.swaps + int(self.phase == NONE)",
            ),
        ),
        "change",
        "BATT-4",
        "no change is counted twice or forgotten",
        "1 were closed, 0 are known",
        begin=99.9,
    ),
    "an unannounced pack forgotten": Fault(
        (("lockunit/swap.py", "self.unannounced = kept[6] != 0", "self.unannounced = False"),),
        "unannounced",
        "BATT-9",
        "an unannounced pack stays one",
        "it is forgotten",
        begin=99,
    ),
    "a registration lifts a suspicion": Fault(
        (
            (
                "lockunit/calls.py",
                '        if method == "battery.replaced":\n',
                '        if method == "battery.replaced":\n'
                "            parts.battery.replaced(now)\n",
            ),
        ),
        "desk's change",
        "BATT-9",
        "the proof alone lifts a suspicion",
        "it went before the proof",
        begin=50,
    ),
    "a customer remembered": Fault(
        (
            (
                "lockunit/life.py",
                _LIFE_STORED,
                _LIFE_STORED.replace("if not", "if state == COUPLED and not"),
            ),
        ),
        "lives",
        "PWR-1",
        "it is whose it was",
        "it is ('coupled', 'K-100200')",
        begin=64,
    ),
    "movements that stay": Fault(
        (
            (
                "lockunit/journal.py",
                "        self.acked = max(self.acked, upto)\n        self._open = False\n",
                "        self.acked = max(self.acked, upto)\n",
            ),
        ),
        "lives",
        "MOVE-1",
        "movements go with their customer",
        "are still there",
        begin=60,
    ),
}
