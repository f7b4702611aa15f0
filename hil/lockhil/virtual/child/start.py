# Runs under MicroPython: start.py FD IMAGE virtual|real [raw|watched]. What a board's ROM does:
# puts its own modules in place, mounts the flash, runs boot.py and main.py ("raw": as after a soft
# reset in the raw REPL, which skips main.py; "watched": the host hears of each write to the flash).

import sys

import board_bluetooth
import board_machine
import board_micropython
import board_os
import board_select
import board_time
import bus
import vfs

_, _fd, _image, _clock, *_more = sys.argv
sys.modules["machine"] = board_machine
sys.modules["bluetooth"] = board_bluetooth
sys.modules["micropython"] = board_micropython
sys.modules["time"] = board_time
sys.modules["os"] = board_os
sys.modules["select"] = board_select
if "watched" in _more:
    from watched_disk import WatchedDisk as Disk
else:
    from disk import FileDisk as Disk
_disk = Disk(_image)
vfs.umount("/")
vfs.mount(vfs.VfsLfs2(_disk), "/")
sys.path[:] = ["", "/lib"]
del sys.argv[:]
# From its second message on the board can be interrupted, unless boot.py says otherwise: a board's
# interpreter raises a ctrl-C that came before not in its first lines.
bus.connect(int(_fd), _clock == "real")


def _run(path):
    try:
        with open(path) as file:
            source = file.read()
    except OSError:
        return  # there is none
    exec(compile(source, path, "exec"), {"__name__": "__main__"})


try:
    _run("/boot.py")
finally:
    # For main.py or the prompt. A board's own does the same before each file that it runs.
    board_micropython.kbd_intr(3)
if "raw" not in _more:
    _run("/main.py")
