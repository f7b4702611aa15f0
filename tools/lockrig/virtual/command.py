"""`lockrig virtual`: a virtual board in the foreground, as if one were plugged in.

It prints the board's two ports and lets people act on its world from the keyboard; what the board
does is the firmware's, what the world does the simulator's.
"""

import os
import re
import sys
from pathlib import Path
from typing import Any

import click

from lockhil.bench import NotOnThisBenchError
from lockhil.firmware import FirmwareError
from lockhil.targets.options import Options
from lockhil.virtual.realtime import RealBoard
from lockhil.virtual.running import BoardInUseError, Running, announced, taken
from lockrig.errors import Exit, LockrigError
from lockrig.virtual import soldered
from lockrig.virtual.around import HELP as AIR_HELP
from lockrig.virtual.around import Around
from lockrig.virtual.flash import of_unit, prepare
from lockrig.virtual.hands import HELP, act
from lockrig.virtual.keyboard import serve
from lockrig.virtual.pair import NAME_MAX as PAIR_NAME_MAX
from lockrig.virtual.pair import run as run_pair
from locksim.world import World
from lockunit.settings import KINDS


@click.command("virtual")
@click.argument("name", default="VIRTUAL-1")
@click.option("--kind", type=click.Choice(KINDS), default=KINDS[0], help="Kind of lock, if new.")
@click.option("--pack", default="good", help="The battery pack to begin with.")
@click.option("--off", multiple=True, metavar="CHANNEL=GAIN,OFFSET", help=soldered.HELP)
@click.option("--fresh", is_flag=True, help="Begin with a new flash: what it stored is lost.")
@click.option("--blank", "empty", is_flag=True, help="Begin with a flash without any firmware.")
@click.option(
    "--air",
    type=click.IntRange(0, 65_535),
    metavar="PORT",
    help="Put it in an air, with Bluetooth controllers for other processes at this port; 0: any.",
)
@click.option(
    "--capture",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write down what is said in the air, for Wireshark (pcapng).",
)
@click.option("--pair", is_flag=True, help="Two boards: a unit, and the probe that it is wired to.")
def command(
    name: str,
    *,
    kind: str,
    pack: str,
    off: tuple[str, ...],
    fresh: bool,
    empty: bool,
    air: int | None,
    capture: Path | None,
    pair: bool,
) -> int:
    """Run the virtual board NAME until ctrl-C; its flash is kept from run to run.

    The first line printed is its console, then comes its link. Killing it is a power cut.
    """
    most = PAIR_NAME_MAX if pair else 16
    if not re.fullmatch(f"[A-Z0-9-]{{1,{most}}}", name):
        raise LockrigError(
            f"expected a name of at most {most} of A-Z, 0-9 and -, got {name!r}", Exit.USAGE
        )
    if pair and (air is not None or off or pack != "good"):
        raise LockrigError(
            "--pair has no --air and no --off, and the probe is the pack", Exit.USAGE
        )
    around = Around(name, air, capture)
    try:
        with taken(name) as flash:
            if fresh or empty or not flash.exists():
                prepare(flash, of_unit(name, kind, empty=empty))
            if pair:
                return run_pair(name, flash, fresh=fresh, empty=empty)
            begin = Options(pack=pack, kind=kind, unit_id=name)
            return _run(name, flash, begin, around, soldered.wiring(off))
    except BoardInUseError as error:
        raise LockrigError(str(error), Exit.NO_CONTACT) from None
    except (NotOnThisBenchError, FirmwareError, ValueError) as error:
        raise LockrigError(str(error), Exit.USAGE) from None
    except OSError as error:
        raise LockrigError(f"{error}; make room, or free the file, and run again") from None


def _run(name: str, flash: Path, begin: Options, around: Around, wiring: dict[str, Any]) -> int:
    def make_world(**more: object) -> World:
        return begin.world(begin.settings(), target="virtual:real", clock="real", **more)

    board = RealBoard(wiring, flash, make_world, around.radio if around.wanted else None)
    try:
        note = Running(name, os.getpid(), board.console, board.link)
        with around.around(board) as where, announced(note):
            click.echo(board.console)
            click.echo(f"link: {board.link}")
            if where:
                click.echo(where)
            click.echo(f"{name} is running; type help for what you can do to it, ctrl-C ends it")
            sys.stdout.flush()
            serve(
                lambda: board.failure,
                lambda words: _act(board, around, words),
                f"{HELP}\n{AIR_HELP}",
            )
    finally:
        board.close()
        around.close()
    raise LockrigError("the board's world broke", Exit.FAILED) from board.failure


def _act(board: RealBoard, around: Around, words: list[str]) -> str:
    with board.acting() as world:
        return around.act(words[1:]) if words[0] == "air" else act(world, words)
