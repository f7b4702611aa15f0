"""A board as its owner describes it, and the boards that are known by name.

These classes are what a configuration may say of boards, and the JSON Schema is made of them.
Where the descriptions come from isn't known here: whoever starts a program says so, by `use`.
"""

from collections.abc import Callable, Mapping
from typing import Annotated

import msgspec
from msgspec import Meta

# `$(?!\n)`: a `$` alone lets a line's end pass in Python, and doesn't in an editor.
_END = r"$(?!\n)"
_SERIAL = (
    r"/[^\s]+"  # a device, or a link to it in /dev/serial/by-id
    r"|COM[0-9]{1,3}"
    r"|usb:[0-9A-Fa-f]{4}:[0-9A-Fa-f]{4}(:[^\s]+)?"
    r"|id:[^\s]+"
    r"|(socket|rfc2217)://[^\s/]+:[0-9]{1,5}([/?][^\s]*)?"
)
_VIRTUAL = r"|virtual:(?!real$)[^\s:/]+"
_AIR = (
    r"|ble:([0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){5}|[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})"
)

_EXAMPLES = [
    "/dev/serial/by-id/usb-0001-if00",
    "usb:10C4:EA60:0001",
    "id:0001",
    "rfc2217://bench:4001",
    "virtual:A-17",
]

# What is no board's name: it means something already where a target is expected.
RESERVED = ("ble", "compare", "pair", "serial", "sim", "virtual")
NAME = rf"^(?!({'|'.join(RESERVED)}){_END})[A-Za-z0-9][A-Za-z0-9._-]{{0,31}}{_END}"

Name = Annotated[
    str, Meta(pattern=NAME, description="What the board is called wherever a TARGET is expected")
]
Port = Annotated[
    str,
    Meta(
        pattern=f"^({_SERIAL}{_VIRTUAL}){_END}",
        description="A device or its by-id path, usb:VID:PID[:SERIAL], id:SERIAL, a socket:// or "
        "rfc2217:// URL, or virtual:NAME",
        examples=_EXAMPLES,
    ),
]
LinkPort = Annotated[
    str,
    Meta(
        pattern=f"^({_SERIAL}{_VIRTUAL}{_AIR}){_END}",
        description="As a console, or ble:ADDRESS",
        examples=[*_EXAMPLES, "ble:C4:64:E3:12:34:56"],
    ),
]
Words = Annotated[str, Meta(max_length=200, description="Words for people", examples=["left"])]
FilePath = Annotated[
    str,
    Meta(
        min_length=1,
        description="A file; a relative path begins where lockrig.toml is",
        examples=["keys/desk-1.credential"],
    ),
]


class Supply(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The bench supply that feeds the board."""

    scpi: Annotated[
        str,
        Meta(
            pattern=rf"^({_SERIAL}){_END}",
            description="Where its SCPI is: a port or a socket:// URL",
            examples=["socket://10.0.0.7:5025"],
        ),
    ]
    voltage_mv: Annotated[
        int, Meta(ge=0, le=60_000, description="What it gives while it is on", examples=[6000])
    ]
    limit_ma: Annotated[
        int, Meta(ge=1, le=20_000, description="What it gives at most", examples=[2000])
    ] = 2_000


class Probe(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The second board, whose pins are the hands and eyes on the unit."""

    port: Port
    wiring: Annotated[
        str,
        Meta(
            pattern=rf"^[^\s]+{_END}",
            description="Which of its pins is which of the unit's: a wiring's name, or its file",
            examples=["esp32-devkit"],
        ),
    ]
    erases: Annotated[
        bool,
        Meta(
            description="Whether all that the unit stored may go before each test, but its label; "
            "that takes its console. Without it, tests that begin otherwise are not run"
        ),
    ] = False


class Board(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A board: what is said of it, what is soldered, and where its ports are."""

    note: Words = ""
    place: Words = ""
    board: Annotated[
        str,
        Meta(
            pattern=rf"^[a-z0-9][a-z0-9_-]{{0,31}}{_END}",
            description="Which pins are which: one of boards/*.json",
            examples=["esp32"],
        ),
    ] = ""
    unit: Annotated[
        str,
        Meta(
            pattern=rf"^[A-Z0-9-]{{1,16}}{_END}",
            description="The label of the unit that it must be",
            examples=["A-17"],
        ),
    ] = ""
    link: LinkPort = ""
    console: Port = ""
    credential: FilePath = ""
    probe: Probe | None = None
    supply: Supply | None = None

    @property
    def ports(self) -> tuple[tuple[str, str], ...]:
        """All that only one at a time may use: (`link` or `console`, where it is)."""
        probe = self.probe.port if self.probe is not None else ""
        found = (("link", self.link), ("console", self.console), ("link", probe))
        return tuple((side, port) for side, port in found if port)


Boards = dict[Name, Board]


def _none() -> Mapping[str, Board]:
    return {}


_source: Callable[[], Mapping[str, Board]] = _none
_known: Mapping[str, Board] | None = None


def use(source: Callable[[], Mapping[str, Board]]) -> None:
    """Where the boards come from; it is asked when the first one is, and what it raises passes."""
    global _source, _known
    _source, _known = source, None


def boards() -> Mapping[str, Board]:
    """All boards that have a name."""
    global _known  # noqa: PLW0603
    if _known is None:
        _known = _source()
    return _known


def encode() -> str:
    """The boards as text for a process of ours, which has `use_text`."""
    return msgspec.json.encode(dict(boards())).decode()


def use_text(text: str) -> None:
    """Use the boards that another process of ours gave."""
    use(lambda: msgspec.json.decode(text, type=dict[str, Board]))
