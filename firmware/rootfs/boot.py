# Runs at every start, before main.py: chooses the slot, /a or /b, that this start runs from, and
# keeps a production unit's console closed. Whatever else may be half written, this file and main.py
# are whole; so it takes nothing from a slot before it has chosen one. docs/flash.md tells the rest.
# Pins float until lockboards.first takes them; resistors beside the board keep all of them off till
# then.

import micropython

# Nobody interrupts before it is known that somebody may.
micropython.kbd_intr(-1)
try:
    # One ctrl-C may have come before that. It is raised where code jumps back, so here.
    for _ in range(2):
        pass
except KeyboardInterrupt:
    pass

import gc  # noqa: E402 not before ctrl-C is off
import os  # noqa: E402
import sys  # noqa: E402

# Modules stay for ever: tidied often, what is left over from loading one doesn't lie between them.
# Untidied, the firmware needs a quarter more of a board's memory.
gc.threshold(8_192)


def _read(place):
    try:
        with open(place, "rb") as file:
            return file.read(3)
    except OSError:
        return b""  # what can't be read says nothing


def _slot():
    used = b"b" if _read("/slot") == b"b" else b"a"
    trial = _read("/trial")
    slot, left = trial[:1], trial[1:]
    if slot in (b"a", b"b") and slot != used and left in (b"1", b"2", b"3"):
        # One start less before this one begins, however it ends.
        try:
            with open("/trial.new", "wb") as file:
                file.write(bytes((trial[0], trial[1] - 1)))
            os.rename("/trial.new", "/trial")
            return slot
        except OSError:
            pass  # uncounted, it would be tried for ever
    try:
        os.remove("/trial")
    except OSError:
        pass  # there is none; or else it is looked at again at the next start
    return used


def _is_there(place):
    try:
        os.stat(place)
    except OSError as error:
        return error.errno != 2  # what can't be read is there
    return True


# First: neither the root nor /lib has anything to say in a slot's place.
sys.path.insert(0, "/" + _slot().decode())

# With a lock's key it is a production unit. The unit runs from here then, because a soft reset in
# the raw REPL would leave main.py out.
if _is_there("/data/key.lock"):
    try:
        from lockboards import console
        from lockboards.files import Files

        if not console.opens(Files("/data")):
            from lockboards.app import main

            console.run_closed(main)
    except BaseException:
        import time

        import machine

        time.sleep_ms(10_000)
        machine.reset()
gc.collect()  # what reading this left lies between the modules else
micropython.kbd_intr(3)
