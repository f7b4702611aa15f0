"""What bumble discovered of a device, in bleak's words. It asks the device nothing."""

from collections.abc import Callable
from typing import cast

from bleak.assigned_numbers import CharacteristicPropertyName
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.descriptor import BleakGATTDescriptor
from bleak.backends.service import BleakGATTService, BleakGATTServiceCollection
from bleak.uuids import normalize_uuid_str
from bumble import core
from bumble.device import Peer
from bumble.gatt_client import ServiceProxy

# Bits of a characteristic's properties, from the lowest (Core 5.4, volume 3, part G, 3.3.1.1).
_PROPERTIES = (
    "broadcast",
    "read",
    "write-without-response",
    "write",
    "notify",
    "indicate",
    "authenticated-signed-writes",
    "extended-properties",
)


def collection(
    peer: Peer, wanted: set[str] | None, room: Callable[[], int]
) -> BleakGATTServiceCollection:
    """All services, or those of these UUIDs; `room`: for how many bytes a packet has some."""
    found = BleakGATTServiceCollection()
    for service in peer.services:
        if wanted is None or _uuid(service.uuid) in wanted:
            _add(found, service, room)
    return found


def _add(found: BleakGATTServiceCollection, service: ServiceProxy, room: Callable[[], int]) -> None:
    made = BleakGATTService(service, service.handle, _uuid(service.uuid))
    found.add_service(made)
    for proxy in service.characteristics:
        # Else bumble looks for them again at each subscription.
        proxy.descriptors_discovered = True
        names = [name for bit, name in enumerate(_PROPERTIES) if proxy.properties >> bit & 1]
        properties = cast(list[CharacteristicPropertyName], names)
        uuid = _uuid(proxy.uuid)
        characteristic = BleakGATTCharacteristic(proxy, proxy.handle, uuid, properties, room, made)
        found.add_characteristic(characteristic)
        for descriptor in proxy.descriptors:
            uuid = _uuid(descriptor.type)
            found.add_descriptor(
                BleakGATTDescriptor(descriptor, descriptor.handle, uuid, characteristic)
            )


def _uuid(uuid: core.UUID) -> str:
    """In bleak's 36 characters."""
    return normalize_uuid_str(uuid.to_hex_str("-"))
