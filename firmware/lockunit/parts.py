"""What a unit is made of, and its life; how the parts work together is `unit`'s and `calls`'."""

from lockunit import entries, records
from lockunit.access import Access
from lockunit.battery import Battery
from lockunit.board import Board
from lockunit.bolt import Bolt
from lockunit.journal import Journal
from lockunit.life import Life
from lockunit.maintenance import Maintenance
from lockunit.proof import Proof
from lockunit.selftest import Selftest
from lockunit.settings import Settings
from lockunit.swap import Swap
from lockunit.trial import Trial
from lockunit.update import Update
from lockunit.wires import Wires


class Parts:
    """The parts of one unit on its board."""

    def __init__(self, board: Board, settings: Settings, now: int) -> None:
        self.board = board
        self.settings = settings
        self.access = Access(board, now)
        self.wires = Wires(self.access)
        self.journal = Journal(board)
        self.life = Life(board, self.journal)
        self.battery = Battery(board, settings)
        self.bolt = Bolt(board, settings, self.battery)
        self.selftest = Selftest(board, self.battery)
        self.proof = Proof(board, self.battery)
        self.swap = Swap(board, settings, self.battery, self.selftest)
        self.maintenance = Maintenance(board)
        self.trial = Trial(board, now)
        self.update = Update(self)

    def lived(self, now: int) -> None:
        """Write down that the unit went on in its life, and work by it."""
        entry = entries.life(self.life)
        if self.life.upto > self.journal.upto:
            self.journal.clear(now, self.life.upto, records.LIFE, entry)
        else:
            self.journal.add(now, records.LIFE, entry)
        self.bolt.homing = not self.life.dismounted()
        self.bolt.arm(now)
