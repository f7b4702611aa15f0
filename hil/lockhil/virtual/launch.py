"""Run by a bare Python (-I -S): becomes MicroPython. `launch.py FOLDER ARGUMENT ...`.

The wheel's own script imports all of site-packages first, which takes longer than the board's boot.
"""

import sys

if __name__ == "__main__":
    folder, *arguments = sys.argv[1:]
    sys.path.append(folder)
    from micropython_module import run_main

    sys.exit(run_main(["micropython", *arguments]))
