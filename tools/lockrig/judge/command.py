"""The command `lockrig judge`: the verdict on a trace, with its reasons, for a person or a program.

It draws no conclusion of its own: `lockjudge.verdict` does, and where that fails, it says
"do not open".
"""

import json

import click

from lockjudge.verdict import judge
from lockrig.errors import Exit, LockrigError
from lockrig.judge.report import as_json, as_text
from lockrig.trace.files import as_trace, read_bytes
from lockrig.trace.terminal import safe, say


@click.command()
@click.argument("trace")
@click.option("--json", "json_", is_flag=True, help="Print one JSON document.")
def command(trace: str, json_: bool) -> int:
    """Judge the push-button diagnostic in TRACE (- for standard input).

    Exit codes: 0 the battery may be changed as usual; 3 do not open, call the service desk;
    4 do not open, inconclusive; 2 the file is no trace.
    """
    try:
        return _judged(trace, json_)
    except LockrigError as error:
        _fail(json_, str(error), error.exit_code)
        raise LockrigError(f"{error}; no verdict: do not open", error.exit_code) from None
    except KeyboardInterrupt:
        click.echo("lockrig: no verdict: do not open", err=True)
        raise
    except Exception as error:
        # Whatever went wrong, nobody may take silence for a yes.
        what = f"judging failed ({type(error).__name__}: {safe(str(error))})"
        _fail(json_, what, Exit.NO_CONTACT)
        raise LockrigError(
            f"{what}; no verdict: do not open; report this, with the file", Exit.NO_CONTACT
        ) from error


def _judged(path: str, json_: bool) -> int:
    data = read_bytes(path)
    trace = as_trace(path, data)
    verdict = judge(trace)
    say(as_json(verdict, trace, path, data) if json_ else as_text(verdict, trace, path))
    return verdict.exit_code


def _fail(json_: bool, error: str, exit_code: int) -> None:
    """A document for the program that waits for one, if it can still be printed."""
    if json_:
        document = {"verdict": None, "exit_code": int(exit_code), "error": error}
        try:
            say(json.dumps(document))
        except LockrigError:
            return
