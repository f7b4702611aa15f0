"""The configuration file `lockrig.toml`: where it is, what may stand in it, what stands in it.

It holds what a place of work knows (whom to call), nothing secret, and no command's own options.
"""

import os
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from platformdirs import user_config_path

from lockrig.errors import Exit, LockrigError
from lockrig.i18n import _

NAME = "lockrig.toml"
VARIABLE = "LOCKRIG_CONFIG"
SECTIONS = {"service_desk": ("phone", "email")}
EXAMPLE = """[service_desk]
phone = "0123-456 78"
email = "servicedesk@example.org"
"""
_PHONE = re.compile(r"\+?[0-9][0-9 ()/-]{2,30}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass(frozen=True, slots=True)
class ServiceDesk:
    """How the service desk is reached; both are shown at every safety stop."""

    phone: str
    email: str


@dataclass(frozen=True, slots=True)
class Config:
    """What the file at `path` says; without a file, nothing."""

    path: Path
    service_desk: ServiceDesk | None = None


def locate(explicit: Path | None = None) -> Path:
    """The file to read, which need not exist: the last resort is the user's own."""
    if explicit is not None:
        return explicit
    if os.environ.get(VARIABLE):
        return Path(os.environ[VARIABLE])
    here = Path(NAME)
    return here if here.exists() else user_config_path("lockrig", appauthor=False) / NAME


def load(explicit: Path | None = None) -> Config:
    """The configuration; LockrigError (usage) names the file and the key that is wrong."""
    path = locate(explicit)
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return Config(path)
    except OSError as error:
        reason = error.strerror or str(error)
        raise _wrong(_("{path} can't be read: {reason}"), path=path, reason=reason) from None
    except ValueError as error:
        raise _wrong(_("{path} is no TOML file: {reason}"), path=path, reason=error) from None
    _only_known(path, "", data, tuple(SECTIONS))
    return Config(path, _service_desk(path, data["service_desk"]) if data else None)


def service_desk(config: Config) -> ServiceDesk:
    """The service desk of a configuration; LockrigError (usage) says what to write, and where."""
    if config.service_desk is None:
        raise _wrong(
            _("who the service desk is isn't configured. Write these three lines to {path}:"),
            path=config.path.absolute(),
            after="\n\n" + EXAMPLE.rstrip(),
        )
    return config.service_desk


def _wrong(message: str, after: str = "", **values: object) -> LockrigError:
    return LockrigError(message.format(**values) + after, Exit.USAGE)


def _only_known(path: Path, section: str, table: dict[str, Any], allowed: tuple[str, ...]) -> None:
    for key in table:
        if key not in allowed:
            raise _wrong(
                _("{path}: unknown key {key}; allowed here: {allowed}"),
                path=path,
                key=f"{section}{key}",
                allowed=", ".join(allowed),
            )


def _service_desk(path: Path, table: object) -> ServiceDesk:
    if not isinstance(table, dict):
        raise _wrong(_("{path}: service_desk must be a table"), path=path)
    _only_known(path, "service_desk.", table, SECTIONS["service_desk"])
    return ServiceDesk(
        phone=_matching(path, table, "phone", _PHONE),
        email=_matching(path, table, "email", _EMAIL),
    )


def _matching(path: Path, table: dict[str, Any], key: str, wanted: re.Pattern[str]) -> str:
    value = table.get(key)
    if not isinstance(value, str) or not wanted.fullmatch(value):
        came = _("nothing") if value is None else repr(value)
        raise _wrong(
            _("{path}: service_desk.{key} must read like {example}, got {came}"),
            path=path,
            key=key,
            example=tomllib.loads(EXAMPLE)["service_desk"][key],
            came=came,
        )
    return value
