"""The services of a unit by their UUIDs, in bleak's words."""

from typing import Final

from bleak.uuids import normalize_uuid_16

# Nordic's UART service: the link's lines. A client writes RX and is notified by TX.
SERVICE: Final = "6e400001-b5a3-f393-e0a9-e50e24dcca9e"
RX: Final = "6e400002-b5a3-f393-e0a9-e50e24dcca9e"
TX: Final = "6e400003-b5a3-f393-e0a9-e50e24dcca9e"
BATTERY: Final = normalize_uuid_16(0x180F)
