"""`lockrig probe`: who a bench's probe is, and its self-test, net by net.

How it is tested `lockhil.probe.check` knows; the suite does the same before its first test.
"""

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import click

from lockhil.client import Link, Transport
from lockhil.lab.entries import boards
from lockhil.probe.bench import ProbeBench
from lockhil.probe.wiring import WiringError
from lockhil.targets import named, pair, probed
from lockhil.targets.options import Options
from lockhil.targets.realclock import ContactLostError
from lockhil.targets.remote import first_id
from lockhil.targets.serial import wire
from lockrig.errors import Exit, LockrigError
from lockrig.targets import enter, known, one_line


@click.command("probe")
@click.argument("target")
@click.option("--port", help="The probe's port, where TARGET is a unit on its line.")
@click.option("--wiring", default="virtual", help="How it is wired to the unit: a name, or a file.")
@click.option("--json", "json_", is_flag=True, help="Print one JSON document.")
def command(*, target: str, port: str | None, wiring: str, json_: bool) -> int:
    """Test the bench around the unit TARGET, net by net, and say who its probe is.

    TARGET is pair, pair:real or pair:NAME, a board's name in lockrig.toml that has a probe there,
    or with --port a unit on its line, as serial:PORT. The unit is switched off and on, runs its
    motor each way and a diagnostic; with its console, as pair:NAME has it, what it stored is kept
    all the same.
    """
    told: dict[str, Any] = {"target": target, "probe": None, "nets": [], "error": None}
    try:
        with ExitStack() as stack:
            bench, line = enter(stack, _opened(target, port, wiring))
            told["probe"] = {k: bench.probe.hello[k] for k in ("probe", "version")}
            told["uncertain_ms"] = bench.probe.uncertain_ms
            rows = probed.run_check(bench, Link(line, first_id()))
            told["nets"] = [{"net": net, "seen": seen} for net, seen in rows]
    except LockrigError as error:
        told["error"] = str(error)
        raise
    except (WiringError, ContactLostError) as error:
        told["error"] = one_line(error)
        usage = isinstance(error, WiringError)
        raise LockrigError(one_line(error), Exit.USAGE if usage else Exit.NO_CONTACT) from None
    finally:
        if json_:
            click.echo(json.dumps(told, indent=2))
    if not json_:
        _say(told)
    return Exit.PASSED


def _say(told: dict[str, Any]) -> None:
    who = told["probe"]
    click.echo(f"probe {who['probe']}, {who['version']}, clock within {told['uncertain_ms']} ms")
    for row in told["nets"]:
        click.echo(f"  {row['net']:15} {row['seen']}")
    click.echo("the bench is good")


@contextmanager
def _opened(target: str, port: str | None, wiring: str) -> Iterator[tuple[ProbeBench, Transport]]:
    """The bench, and the unit's line. ContactLostError, WiringError."""
    if target in boards():
        with named.open_wired(target) as (bench, line):
            yield bench, line
    elif port is not None:
        with probed.open_bench(port, wiring) as bench, wire(known(target)) as line:
            yield bench, line
    elif target in ("pair", "pair:real"):
        with pair.open_pair(target, Options()) as (bench, line, *_):
            yield bench, line
    elif target.startswith("pair:"):
        with probed.open_wired(target) as (bench, line):
            yield bench, line
    else:
        raise LockrigError(
            f"expected pair, pair:real, pair:NAME, or --port with the probe's port, got {target!r}",
            Exit.USAGE,
        )
