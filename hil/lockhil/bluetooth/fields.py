"""What an advertisement's bytes say: a pure function on whatever somebody sent, which may be wrong.

It words nothing and judges nothing; what of it is a lock unit's stands in `sighting`.
"""

from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from bleak.uuids import normalize_uuid_16, normalize_uuid_32

# The Bluetooth SIG's assigned numbers, "Common Data Types".
UUIDS: Final = {0x02: 2, 0x03: 2, 0x04: 4, 0x05: 4, 0x06: 16, 0x07: 16}
SERVICE_DATA: Final = {0x16: 2, 0x20: 4, 0x21: 16}
SHORT_NAME: Final = 0x08
NAME: Final = 0x09
TX_POWER: Final = 0x0A
MAKER: Final = 0xFF


@dataclass
class Fields:
    """What one device tells of itself: UUIDs are bleak's 36 characters, `tx_power` is in dBm."""

    name: str | None = None
    uuids: list[str] = field(default_factory=list)
    service_data: dict[str, bytes] = field(default_factory=dict)
    maker_data: dict[int, bytes] = field(default_factory=dict)
    tx_power: int | None = None


def structures(data: bytes) -> list[tuple[int, bytes]]:
    """The (type, bytes) in an advertisement; what its end cuts off is left out."""
    found = []
    at = 0
    while at < len(data):
        length = data[at]
        piece = data[at + 1 : at + 1 + length]
        # A zero ends what is meant; the rest is padding.
        if not length or len(piece) < length:
            break
        found.append((piece[0], piece[1:]))
        at += 1 + length
    return found


def fields_of(advert: bytes, answer: bytes = b"") -> Fields:
    """What an advertisement and the answer to a scan say together; of two names the whole one."""
    found = Fields()
    whole = False
    for kind, value in structures(advert) + structures(answer):
        if kind in UUIDS:
            size = UUIDS[kind]
            for at in range(0, len(value) - size + 1, size):
                uuid = _uuid(value[at : at + size])
                if uuid not in found.uuids:
                    found.uuids.append(uuid)
        elif kind in SERVICE_DATA and len(value) >= SERVICE_DATA[kind]:
            size = SERVICE_DATA[kind]
            found.service_data[_uuid(value[:size])] = value[size:]
        elif kind == NAME or (kind == SHORT_NAME and not whole):
            found.name = value.decode("utf-8", "replace")
            whole = kind == NAME
        elif kind == TX_POWER and len(value) == 1:
            found.tx_power = int.from_bytes(value, signed=True)
        elif kind == MAKER and len(value) >= 2:
            found.maker_data[int.from_bytes(value[:2], "little")] = value[2:]
    return found


def _uuid(data: bytes) -> str:
    """A UUID of 2, 4 or 16 bytes, as they come on the air, in bleak's words."""
    if len(data) == 16:
        return str(UUID(bytes=data[::-1]))
    number = int.from_bytes(data, "little")
    return normalize_uuid_16(number) if len(data) == 2 else normalize_uuid_32(number)
