"""The flash that a virtual board in the foreground begins with, if it has none of its own yet."""

import shutil
from pathlib import Path

from lockhil.targets.options import Options
from lockhil.virtual.image import blank, image


def prepare(flash: Path, made: Path) -> None:
    """Let the flash be a copy of the image `made`, all or nothing. OSError."""
    beside = flash.with_suffix(".new")
    shutil.copyfile(made, beside)
    beside.replace(flash)


def of_unit(name: str, kind: str, *, empty: bool) -> Path:
    """The image of a unit that was just delivered; `empty`: without any firmware."""
    if empty:
        return blank()
    settings = Options(kind=kind).settings()
    return image({"settings": settings.encode(), "unit": name.encode()})
