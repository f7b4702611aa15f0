"""The configuration file `lockrig.toml`: where it is, and what stands in it.

It holds what a place of work knows (whom to call, which boards there are), nothing secret, and no
command's own options. What may stand in it, `shape` says; what is wrong with it, `wrong` words.
"""

import os
import tomllib
from dataclasses import dataclass
from pathlib import Path

import msgspec
from platformdirs import user_config_path

from lockhil.lab.entries import Board
from lockrig.config.shape import Shape
from lockrig.config.wrong import first_fault, wrong
from lockrig.errors import LockrigError
from lockrig.i18n import _

__all__ = ["EXAMPLE", "NAME", "VARIABLE", "Config", "ServiceDesk", "load", "locate", "service_desk"]

NAME = "lockrig.toml"
VARIABLE = "LOCKRIG_CONFIG"
EXAMPLE = """[service_desk]
phone = "0123-456 78"
email = "servicedesk@example.org"
"""


@dataclass(frozen=True, slots=True)
class ServiceDesk:
    """How the service desk is reached; both are shown at every safety stop."""

    phone: str
    email: str


@dataclass(frozen=True, slots=True)
class Config:
    """What the file at `path` says; without a file, nothing. Paths in `boards` are absolute."""

    path: Path
    service_desk: ServiceDesk | None
    boards: dict[str, Board]


def locate(explicit: Path | None = None) -> Path:
    """The file to read, which need not exist: the last resort is the user's own."""
    if explicit is not None:
        return explicit
    if os.environ.get(VARIABLE):
        return Path(os.environ[VARIABLE])
    here = Path(NAME)
    return here if here.exists() else user_config_path("lockrig", appauthor=False) / NAME


def load(explicit: Path | None = None, *, must: bool = False) -> Config:
    """The configuration; `must`: there must be a file.

    LockrigError (usage) names the file and the key that is wrong.
    """
    path = locate(explicit)
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        if must:
            raise _unreadable(path, error) from None
        return Config(path, None, {})
    except OSError as error:
        raise _unreadable(path, error) from None
    except (ValueError, RecursionError) as error:
        raise wrong(_("{path} is no TOML file: {reason}"), path=path, reason=error) from None
    if (fault := first_fault(path, data)) is not None:
        raise fault
    shape = msgspec.convert(data, Shape)
    desk = shape.service_desk
    folder = path.absolute().parent
    return Config(
        path,
        ServiceDesk(desk.phone, desk.email) if desk is not None else None,
        {name: _at(folder, board) for name, board in shape.boards.items()},
    )


def _at(folder: Path, board: Board) -> Board:
    """The board with its credential's path as it is from anywhere."""
    if not board.credential:
        return board
    path = folder / Path(board.credential).expanduser()
    return msgspec.structs.replace(board, credential=str(path))


def service_desk(config: Config) -> ServiceDesk:
    """The service desk of a configuration; LockrigError (usage) says what to write, and where."""
    if config.service_desk is None:
        raise wrong(
            _("who the service desk is isn't configured. Write these three lines to {path}:"),
            path=config.path.absolute(),
            after="\n\n" + EXAMPLE.rstrip(),
        )
    return config.service_desk


def _unreadable(path: Path, error: OSError) -> LockrigError:
    reason = error.strerror or str(error)
    return wrong(_("{path} can't be read: {reason}"), path=path, reason=reason)
