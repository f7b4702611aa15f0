"""Printing to a terminal: text from files made harmless, and readers that go away.

It draws nothing and knows no traces.
"""

import json
import os
import sys
from typing import Any

import click

from lockrig.errors import LockrigError


def safe(text: str) -> str:
    """`text` with everything that a terminal might obey (escapes, line ends) written out."""
    return "".join(
        c if c.isprintable() else c.encode("unicode_escape", "surrogatepass").decode() for c in text
    )


def shown(value: Any) -> str:
    """A value from a trace, for the eye: text as it is, anything else as JSON."""
    try:
        return safe(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
    except RecursionError:
        return "(nested too deeply to show)"


def can_print(text: str) -> bool:
    """Whether standard output has all of these characters."""
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        return False
    return True


def say(text: str) -> bool:
    """Print to standard output; False if its reader left. LockrigError if it fails otherwise."""
    encoding = sys.stdout.encoding or "utf-8"
    try:
        click.echo(text.encode(encoding, "backslashreplace").decode(encoding))
    except BrokenPipeError:
        # What is still in the buffer would fail again when the interpreter closes the file.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return False
    except OSError as error:
        reason = error.strerror or str(error)
        raise LockrigError(f"can't write to standard output: {reason}; send it elsewhere") from None
    return True
