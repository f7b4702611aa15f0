"""What may stand in `lockrig.toml`: the one source of what is read and of the JSON Schema.

What is wrong with a file is worded by `wrong`; a board's own keys are `lockhil.lab.entries`.
"""

from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from lockhil.lab.entries import Boards

# Beside this file, so that an editor finds it; made by `lockrig config schema`.
SCHEMA = Path(__file__).parent / "lockrig.schema.json"
_DIALECT = "https://json-schema.org/draft/2020-12/schema"
# `$(?!\n)`: see `lockhil.lab.entries`.
_PHONE = r"^\+?[0-9][0-9 ()/-]{2,30}$(?!\n)"
_EMAIL = r"^[^@\s]+@[^@\s]+\.[^@\s]+$(?!\n)"


class Desk(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The service desk, shown at every safety stop."""

    phone: Annotated[
        str, Meta(pattern=_PHONE, description="Its telephone", examples=["0123-456 78"])
    ]
    email: Annotated[
        str,
        Meta(pattern=_EMAIL, description="Its mail", examples=["servicedesk@example.org"]),
    ]


class Shape(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """lockrig.toml: what a place of work knows."""

    service_desk: Desk | None = None
    boards: Boards = {}


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of the file."""
    return {"$schema": _DIALECT, **msgspec.json.schema(Shape)}
