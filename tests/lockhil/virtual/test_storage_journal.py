"""What the journal needs of the real LittleFS: appending, reading, a full flash; its key."""

import subprocess
from pathlib import Path

from lockhil.virtual.interpreter import CHILD, interpreter
from lockjudge.trace import Event
from tests.lockhil.virtual.rig import STAY, board, say


def test_what_is_appended_is_read_by_pieces_and_removed() -> None:
    main = """
from lockboards.files import Files
files = Files("/data")
for n in range(5):
    files.append("j1", b"%04d" % n)
files.store("other", b"")
read = lambda at, count: files.read("j1", at, count).decode()
say([read(4, 8), read(18, 99), len(read(99, 1))])
say([files.names("j"), sorted(files.names(""))])
files.remove("j1")
said = []
for do in (lambda: files.remove("j1"), lambda: files.read("j1", 0, 1)):
    try:
        do()
    except OSError as error:
        said.append(error.errno)
say([said, files.fetch("j1")])
"""
    assert say(main) == [
        ["00010002", "04", 0],
        [["j1"], ["j1", "other"]],
        [[2, 2], None],
    ]


def test_what_was_appended_outlives_a_loss_of_power() -> None:
    main = """
from lockboards.files import Files
files = Files("/data")
files.append("j1", b"x")
say(len(files.fetch("j1")))
"""
    with board(main + STAY) as rig:
        for _ in range(4):
            rig.world.power_cut(1)
            rig.world.run(100)
        assert rig.said == [1, 2, 3, 4, 5]


def test_the_calendar_is_unknown_until_it_is_set() -> None:
    main = "from lockboards.clock import utc\nsay(utc())\n"
    assert say(main) == [0]
    for utc_s in (1_704_067_200, 1_709_251_199, 1_709_251_200, 1_798_761_599, 2_000_000_000):
        assert say(main, utc_s=utc_s) == [utc_s]


# Fills the flash to its last block, then runs the firmware.
FULL = """
import os
with open("/data/fill", "wb") as file:
    try:
        while True:
            file.write(bytes(4096))
    except OSError:
        pass
try:
    with open("/data/rest", "wb") as file:
        while True:
            file.write(bytes(256))
            file.flush()
except OSError:
    pass
from lockboards.app import main
main()
"""
UNLOCK = b'{"jsonrpc":"2.0","id":1,"method":"bolt.unlock"}\n'
READ = b'{"jsonrpc":"2.0","id":2,"method":"journal.read"}\n'


def _answers(events: list[Event], ident: int) -> list[str]:
    return [event.v for event in events if f'"id":{ident},' in event.v]


def test_on_a_full_flash_the_unit_boots_opens_and_tells() -> None:
    with board("import os\nos.mkdir('/data')\n" + FULL) as rig:
        rig.world.receive(UNLOCK)
        rig.world.run(100_000)
        rig.world.receive(READ)
        rig.world.run(100)
        assert '"result":"done"' in _answers(rig.seen("tx"), 1)[0]
        page = _answers(rig.seen("tx"), 2)[0]
        assert '"refused":0' not in page, "it had room after all"


def test_the_key_is_given_once_and_another_takes_its_place() -> None:
    main = """
import binascii, machine, os
from lockunit.journal import Journal
from lockboards import keys
from lockboards.board import MachineBoard
from lockboards.files import Files
made = Journal(MachineBoard(json.load(open("/a/board.json")), Files("/data")))
made.boot(0)
key = str(binascii.hexlify(made._key), "ascii")
say([keys.give() == key, keys.give()])
os.rename("/data/key.journal", "/data/k")
say(keys.give())
keys.provision("ab" * 32)
say(keys.give())
made.boot(0)
say(str(binascii.hexlify(made._key), "ascii"))
try:
    keys.provision("ab")
except ValueError as error:
    say(str(error))
"""
    assert say(main) == [[True, ""], None, "", "ab" * 32, "expected 32 bytes in hex"]


INTERRUPTED = """
import sys
sys.path.append({child!r})
import bus
from disk import BLOCK, FileDisk
import os, vfs
with open({path!r}, "wb") as file:
    file.write(bytes(64 * BLOCK))
class Interrupted:
    def __init__(self, file):
        self.seek, self.file, self.left = file.seek, file, -1
    def count(self):
        self.left -= 1
        if self.left == -1:
            raise KeyboardInterrupt
    def readinto(self, buf):
        self.count()
        self.file.readinto(buf)
    def write(self, buf):
        self.count()
        self.file.write(buf)
broken = 0
for n in range(60):
    disk = FileDisk({path!r})
    file = disk._file = Interrupted(disk._file)
    vfs.VfsLfs2.mkfs(disk)
    vfs.mount(vfs.VfsLfs2(disk), "/m")
    os.mkdir("/m/data")
    bus.interrupted = False
    file.left = n
    with open("/m/data/k.new", "wb") as new:
        new.write(b"k" * 38)
    os.rename("/m/data/k.new", "/m/data/k")
    with open("/m/data/latch", "w") as new:
        new.write("stays")
    assert bus.interrupted
    try:
        bus.wait(0)
        broken += 1
    except KeyboardInterrupt:
        pass
    vfs.umount("/m")
print(broken)
"""


def test_ctrl_c_leaves_the_file_system_whole_and_ends_the_next_wait(tmp_path: Path) -> None:
    script = tmp_path / "interrupted.py"
    script.write_text(INTERRUPTED.format(child=str(CHILD), path=str(tmp_path / "flash.img")))
    words = [*interpreter(), "-X", "heapsize=4m", str(script)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "0"), done.stdout + done.stderr
