"""Makes a virtual environment, or says in words what the machine lacks for it.

It installs nothing into it (the Makefile does), and is written so that an old Python can still
read it and say that it is too old.
"""

import os
import sys

OLDEST = (3, 11)


def missing(version, has_venv):
    """What to install before an environment can be made, in words; "" if nothing is missing."""
    if version < OLDEST:
        return (
            "expected Python %d.%d or newer, got %d.%d; "
            "install one and name it: make PYTHON=python3.11" % (OLDEST + tuple(version[:2]))
        )
    if not has_venv:
        return (
            "this Python has no venv module; install it and try again: "
            "sudo apt-get install python3-venv (Debian, Ubuntu)"
        )
    return ""


def main(folder):
    """Make the environment in `folder`; the exit code."""
    try:
        # Debian ships `venv` without `ensurepip`, and then leaves half an environment behind.
        import ensurepip  # noqa: F401, PLC0415
        import venv  # noqa: PLC0415

        has_venv = True
    except ImportError:
        has_venv = False
    problem = missing(sys.version_info[:2], has_venv)
    if problem:
        sys.stderr.write("make: %s\n" % problem)
        return 2
    # Symbolic links, as `python -m venv` makes them: macOS' framework builds can't be copied.
    venv.create(folder, with_pip=True, symlinks=os.name != "nt")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
