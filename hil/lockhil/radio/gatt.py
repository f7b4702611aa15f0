"""The services of a virtual board's radio, built from the table that the board registered."""

import struct
from collections.abc import Awaitable, Callable
from typing import Any

from bumble.att import (
    ATT_PDU,
    ATT_REQUESTS,
    ATT_Error,
    ATT_Error_Response,
    Attribute,
    AttributeValue,
)
from bumble.core import UUID
from bumble.gatt import (
    GATT_CLIENT_CHARACTERISTIC_CONFIGURATION_DESCRIPTOR,
    Characteristic,
    Descriptor,
    Service,
)
from bumble.gatt_server import Server

from lockhil.virtual.radioport import FIRST_HANDLE

Read = Callable[[Any, int], Awaitable[bytes]]
Write = Callable[[Any, int, bytes], Awaitable[None]]

_ROW = struct.Struct("<BHHB")
_SERVICE, _CHARACTERISTIC = 0, 1
_READ, _WRITES, _TELLS = 0x02, 0x04 | 0x08, 0x10 | 0x20
# A descriptor's flags are the protocol's own: readable, writeable.
_MAY_READ, _MAY_WRITE = 0x01, 0x02
_READ_NOT_PERMITTED, _WRITE_NOT_PERMITTED, _INVALID_PDU = 0x02, 0x03, 0x04


def _value(handle: int, flags: int, masks: tuple[int, int], read: Read, write: Write) -> Any:
    """What stands behind a handle. Bumble serves whoever asks, allowed or not; here it is asked."""

    async def reading(connection: Any) -> bytes:
        if not flags & masks[0]:
            raise ATT_Error(error_code=_READ_NOT_PERMITTED, att_handle=handle)
        return await read(connection, handle)

    async def writing(connection: Any, value: bytes) -> None:
        if not flags & masks[1]:
            raise ATT_Error(error_code=_WRITE_NOT_PERMITTED, att_handle=handle)
        await write(connection, handle, value)

    return AttributeValue(read=reading, write=writing)


def be_strict(server: Server) -> None:
    """Refuse what is longer than the MTU that was agreed on: bumble's server takes it, and its
    client sends it where it wants no response, as no real one may."""
    take = server.on_gatt_pdu

    def strict(bearer: Any, pdu: ATT_PDU) -> None:
        if len(bytes(pdu)) <= bearer.att_mtu:
            take(bearer, pdu)
        elif pdu.op_code in ATT_REQUESTS:
            refused = ATT_Error_Response(
                request_opcode_in_error=pdu.op_code,
                attribute_handle_in_error=0,
                error_code=_INVALID_PDU,
            )
            server.send_response(bearer, refused)

    server.on_gatt_pdu = strict  # type: ignore[assignment, method-assign]


def serve_own(server: Server, name: Callable[[], bytes]) -> None:
    """The services that a stack has itself: GAP and GATT, as NimBLE numbers them from 1."""
    readable = Characteristic.Properties.READ, Attribute.READABLE
    own_name: Any = AttributeValue(lambda _: name())
    gap: list[Any] = [
        Characteristic(UUID.from_16_bits(0x2A00), *readable, own_name),
        Characteristic(UUID.from_16_bits(0x2A01), *readable, bytes(2)),
    ]
    server.add_service(Service(UUID.from_16_bits(0x1800), gap))
    changed = Characteristic(
        UUID.from_16_bits(0x2A05), Characteristic.Properties.INDICATE, Attribute.READABLE, bytes(4)
    )
    server.add_service(Service(UUID.from_16_bits(0x1801), [changed]))
    assert server.next_handle() == FIRST_HANDLE


def serve(server: Server, table: bytes, read: Read, write: Write) -> dict[int, Attribute[bytes]]:
    """Add the board's services instead of those before; its characteristics by their handles.

    ValueError: the board numbers them otherwise.
    """
    server.attributes[FIRST_HANDLE - 1 :] = []
    server.services[2:] = []
    server.attributes_by_handle.clear()
    services: list[Service] = []
    attributes: dict[int, Attribute[bytes]] = {}
    handles: list[tuple[int, Attribute[bytes]]] = []
    place = 0
    while place < len(table):
        kind, handle, flags, length = _ROW.unpack_from(table, place)
        place += _ROW.size + length
        uuid = UUID.from_bytes(table[place - length : place])
        if kind == _SERVICE:
            services.append(Service(uuid, []))
            handles.append((handle, services[-1]))
        elif kind == _CHARACTERISTIC:
            value = _value(handle, flags, (_READ, _WRITES), read, write)
            both = Attribute.READABLE | Attribute.WRITEABLE
            one = Characteristic(uuid, Characteristic.Properties(flags & 0xFF), both, value)
            if flags & _TELLS:
                own = GATT_CLIENT_CHARACTERISTIC_CONFIGURATION_DESCRIPTOR
                one.descriptors = [Descriptor(own, both, server.make_descriptor_value(one))]
            services[-1].characteristics = [*services[-1].characteristics, one]
            handles.append((handle, one))
            attributes[handle] = one
        else:
            value = _value(handle, flags, (_MAY_READ, _MAY_WRITE), read, write)
            extra = Descriptor(uuid, Attribute.READABLE | Attribute.WRITEABLE, value)
            last = services[-1].characteristics[-1]
            last.descriptors = [*last.descriptors, extra]
            handles.append((handle, extra))
    for service in services:
        server.add_service(service)
    for handle, attribute in handles:
        if attribute.handle != handle:
            raise ValueError(f"the board calls {attribute.handle} in its services {handle}")
    return attributes
