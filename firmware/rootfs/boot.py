# Runs at every start, before main.py. Pins stay inputs until the driver takes them, so LEDs, motor
# and load stay off.

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

# Modules stay for ever: tidied often, what is left over from loading one doesn't lie between them.
# Untidied, the firmware needs a quarter more of a board's memory.
gc.threshold(4_096)


def _is_there(place):
    try:
        os.stat(place)
    except OSError as error:
        return error.errno != 2  # what can't be read is there
    return True


# With a lock's key it is a production unit. The unit runs from here then, because a soft reset in
# the raw REPL would leave main.py out. Without main.py it is half flashed: who does that goes on.
if _is_there("/main.py") and _is_there("/data/key.lock"):
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
