"""`lockrig simulate run`: a scenario lived from its first day to past its end, and what it shows.

It reads options, and hands on; files are checked before the life and written after it.
"""

from pathlib import Path

import click
import msgspec

from lockrig.errors import Exit
from lockrig.simulate import files, summary
from lockrig.simulate.living import TARGETS, live
from lockrig.simulate.named import scenario_named
from lockrig.trace.terminal import can_print, say

FORMAT = "lockrig-life/1"

_FILE = click.Path(path_type=Path)


@click.command("run")
@click.argument("scenario", metavar="NAME|FILE")
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), help="Other luck than the scenario's.")
@click.option("--days", type=click.IntRange(1, 7_300), help="Stop after so many days.")
@click.option(
    "--target",
    type=click.Choice(TARGETS),
    default="sim",
    help="What runs the firmware: the core here (the default), or the real MicroPython.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the whole result as one document.")
@click.option("--report", type=_FILE, help="Write one HTML file with timelines.")
@click.option("--parquet", type=_FILE, help="Write one row a day for other programs.")
@click.option("--trace", type=_FILE, help="Write what is kept of the trace.")
def command(  # noqa: PLR0917 click names them
    scenario: str,
    seed: int | None,
    days: int | None,
    target: str,
    as_json: bool,
    report: Path | None,
    parquet: Path | None,
    trace: Path | None,
) -> int:
    """Let the scenario NAME, or the one in FILE, happen.

    Exit codes: 0 it ran, and no press of the button allowed a change of a discharged pack; 1 one
    did; 2 wrong usage, or not a scenario; 4 the target can't run it.
    """
    wanted = scenario_named(scenario)
    out = files.Wanted(report=report, parquet=parquet, trace=trace)
    out.check()
    lived = live(wanted, target, wanted.seed if seed is None else seed, days)
    out.write(lived)
    wrong = summary.wrongly_allowed(lived.life)
    if as_json:
        document = {"format": FORMAT, "target": target, **msgspec.to_builtins(lived.life)}
        text = msgspec.json.format(msgspec.json.encode(document), indent=1).decode()
    else:
        text = "\n".join([*summary.lines(lived.life, plain=not can_print("▁█")), *out.told()])
    say(text)
    return Exit.FAILED if wrong else Exit.PASSED
