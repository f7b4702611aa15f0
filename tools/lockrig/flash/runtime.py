"""`lockrig flash --runtime FILE`: MicroPython itself onto a chip, and what to run next.

What the file is, and its way to the chip, is `lockhil.runtime`'s; here are words and exit codes.
"""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from lockhil.boards.address import AddressError, NotThereError, parse
from lockhil.runtime import bootsel, esptool
from lockhil.runtime.file import read
from lockhil.runtime.image import LONGEST, EspImage, NotAnImageError, Uf2Image
from lockrig.errors import Exit, LockrigError
from lockrig.trace.terminal import safe

_CODES: dict[type[Exception], Exit] = {
    AddressError: Exit.USAGE,
    NotAnImageError: Exit.USAGE,
    esptool.NoToolError: Exit.USAGE,
    NotThereError: Exit.NO_CONTACT,
    esptool.NoChipError: Exit.NO_CONTACT,
    bootsel.NoDriveError: Exit.NO_CONTACT,
    esptool.WrongChipError: Exit.FAILED,
    bootsel.WrongChipError: Exit.FAILED,
    esptool.BrokenOffError: Exit.NO_CONTACT,
    bootsel.NotTakenError: Exit.NO_CONTACT,
}
_UNCHANGED = "nothing was changed: the chip has what it had"
_HALF = {
    EspImage: "the chip has no whole MicroPython now: run the same command again; "
    "its loader, which BOOT (GPIO0) held at a reset brings up, can't be overwritten",
    Uf2Image: "the chip may have no whole MicroPython now: hold BOOTSEL while you plug it in, "
    "and run the same command again",
}


@dataclass(slots=True)
class _Job:
    file: Path
    target: str | None
    drive: Path | None
    quiet: bool
    image: EspImage | Uf2Image | None = None
    left: str = _UNCHANGED


def install(file: Path, target: str | None, drive: Path | None, *, json_: bool) -> int:
    """Do it. LockrigError, whose message ends in what the chip has."""
    job = _Job(file, target, drive, json_)
    told: dict[str, Any] = {"runtime": str(file), "result": "failed", "error": None}
    code = Exit.PASSED
    try:
        _carry_out(job)
        told["result"] = "installed"
    except LockrigError as error:
        code, told["error"] = error.exit_code, str(error)
        raise
    finally:
        if json_:
            image = job.image
            told |= {
                "chip": image.chip if image is not None else None,
                "version": image.version if image is not None else None,
                "exit_code": int(code),
            }
            click.echo(json.dumps(told, indent=2))
    if not json_:
        assert job.image is not None
        click.echo(f"{job.image.chip}: MicroPython {job.image.version} is on it")
        click.echo(f"next: lockrig flash {target or 'serial:PORT'} --unit LABEL --kind KIND")
    return Exit.PASSED


def _carry_out(job: _Job) -> None:
    try:
        data = _content(job.file)
        job.image = read(data)
        if isinstance(job.image, EspImage):
            _by_esptool(job, job.image)
        else:
            _by_drive(job, job.image, data)
    except tuple(_CODES) as error:
        told = safe(" ".join(str(error).split()))
        if isinstance(error, NotAnImageError):
            told = f"{safe(str(job.file))}: {told}"
        raise LockrigError(f"{told}; {job.left}", _CODES[type(error)]) from None
    except KeyboardInterrupt:
        raise LockrigError(f"interrupted; {job.left}", Exit.INTERRUPTED) from None


def _content(path: Path) -> bytes:
    shown = safe(str(path))
    try:
        with path.open("rb") as file:
            data = file.read(LONGEST + 1)
    except OSError as error:
        raise LockrigError(f"can't read {shown}: {error.strerror or error}", Exit.USAGE) from None
    if len(data) > LONGEST:
        raise NotAnImageError(f"expected at most {LONGEST >> 20} MB")
    return data


def _by_esptool(job: _Job, image: EspImage) -> None:
    if job.drive is not None:
        raise AddressError(
            "the file is for the ESP32 family, which shows no drive: leave --drive out"
        )
    if job.target is None:
        raise AddressError("the file is for the ESP32 family: expected TARGET, its serial:PORT")
    if job.target.startswith("virtual"):
        raise AddressError(f"expected serial:PORT: {job.target} has its MicroPython already")
    port = parse(job.target).console
    esptool.look(port, image)
    job.left = _HALF[EspImage]
    esptool.write(port, image, job.file, lambda line: _tell(job, line))
    job.left = "MicroPython is on the chip"


def _tell(job: _Job, line: str) -> None:
    """What esptool says, to whoever looks on."""
    if line and not job.quiet:
        click.echo(safe(line), err=True)


def _by_drive(job: _Job, image: Uf2Image, data: bytes) -> None:
    if job.target is not None:
        raise AddressError(
            f"the file is for {image.chip}, which takes it from its BOOTSEL drive: leave TARGET out"
        )
    drive = bootsel.only(job.drive)
    bootsel.check(drive, image, len(data))
    job.left = _HALF[Uf2Image]
    with _bar(len(data), job.quiet) as bar:
        bootsel.copy(drive, data, bar)
    job.left = "MicroPython is on the chip"


@contextmanager
def _bar(size: int, quiet: bool) -> Iterator[Any]:
    if quiet or not sys.stderr.isatty():
        yield lambda _: None
        return
    with click.progressbar(length=size, label="copying", file=sys.stderr) as bar:
        yield bar.update
