"""What the commands on records share: their options, the folder looked at, and a record by its id.

It prints nothing but that the index had to be made anew.
"""

import contextlib
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import click

from lockrig import config
from lockrig.config import ServiceDesk
from lockrig.errors import Exit, LockrigError
from lockrig.i18n import LANGUAGES, _, choose, speak
from lockrig.records.entry import DAMAGED, MISSING, Entry, load
from lockrig.records.folder import files
from lockrig.records.index import Index
from lockrig.records.record import Record
from lockrig.records.sealed import DamagedRecordError
from lockrig.records.sheet import Sheet, sheet
from lockrig.records.store import root
from lockrig.trace.terminal import safe

C = TypeVar("C", bound=Callable[..., object])


def shared_options(command: C) -> C:
    """Adds --records, --lang and --config."""
    for option in (
        click.option(
            "--config", "config_file", type=click.Path(path_type=Path), metavar="FILE", hidden=True
        ),
        click.option("--lang", type=click.Choice(LANGUAGES), help="Language; else the locale's."),
        click.option(
            "--records",
            "folder",
            type=click.Path(path_type=Path),
            metavar="DIR",
            help="Where the records are, if not in your data folder.",
        ),
    ):
        command = option(command)
    return command


def begin(lang: str | None, folder: Path | None) -> Path:
    """Speak the language; the folder, which must be one if it was named."""
    speak(choose(lang, os.environ))
    if folder is not None and not folder.is_dir():
        told = _("expected a folder with records, got {path}")
        raise LockrigError(told.format(path=safe(str(folder))), Exit.USAGE)
    return root(folder)


@contextlib.contextmanager
def reading(folder: Path) -> Iterator[None]:
    """What the disk refuses, in one line."""
    try:
        yield
    except OSError as error:
        told = _("can't read the records in {path}: {why}")
        why = error.strerror or str(error)
        raise LockrigError(told.format(path=safe(str(folder)), why=why), Exit.USAGE) from None


def entries(folder: Path) -> list[Entry]:
    """All records, oldest first; LockrigError."""
    with reading(folder), contextlib.closing(Index(folder)) as index:
        found = index.refresh()
        if index.remade:
            told = _("the index was damaged or old ({why}): it was made anew from the files")
            click.echo(f"lockrig: {told.format(why=safe(index.remade))}", err=True)
        return found


def one(found: list[Entry], ident: str) -> Entry:
    """The entry called `ident`, or whose id begins or ends so; LockrigError (usage)."""
    wanted = ident.strip()
    exact = [entry for entry in found if entry.id == wanted]
    alike = exact or [
        entry
        for entry in found
        if wanted and entry.id.startswith(wanted) | entry.id.endswith(wanted)
    ]
    if len(alike) == 1:
        return alike[0]
    if not alike:
        told = _("there is no record {ident}; `lockrig records list` shows those there are")
        raise LockrigError(told.format(ident=safe(repr(ident))), Exit.USAGE)
    told = _("{ident} fits {count} records, {first} and {second} among them: type more of it")
    raise LockrigError(
        told.format(
            ident=safe(repr(ident)), count=len(alike), first=alike[0].id, second=alike[1].id
        ),
        Exit.USAGE,
    )


def loaded(folder: Path, entry: Entry, customer: str = "") -> tuple[Sheet, dict[str, bytes]]:
    """The sheet of an entry, by a look at the files now, and those files by their names."""
    found = next((file for file in files(folder) if file.name == entry.file), None)
    if found is None:
        entry = replace(entry, verdict=MISSING)
        return sheet(entry, None, customer=customer), {}
    try:
        body, trace = load(found)
        made = sheet(entry, body, trace, customer)
        kept = {found.path.name: found.path.read_bytes()}
        if trace and isinstance(body, Record):
            kept[str(body.details["trace"])] = trace
    except (DamagedRecordError, OSError) as error:
        if not entry.problem:
            entry = replace(entry, verdict=DAMAGED, problem=str(error))
        return sheet(entry, None, customer=customer), {}
    return made, kept


def desk(config_file: Path | None) -> ServiceDesk | None:
    """The service desk, if there is a configuration; LockrigError if that is broken."""
    return config.load(config_file).service_desk


def desk_lines(found: ServiceDesk | None) -> list[str]:
    """How it is reached; always both ways."""
    if found is None:
        return [_("(whom to call isn't configured: see [service_desk] in lockrig.toml)")]
    return [
        _("Service desk, telephone: {phone}").format(phone=found.phone),
        _("Service desk, e-mail:    {email}").format(email=found.email),
    ]
