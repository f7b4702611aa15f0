# Runs under MicroPython. `bluetooth` as a port with NimBLE has it, over the wires to an air: what
# a peripheral uses of it, without pairing. See lockhil/virtual/radioport.py.

import struct
import sys

import bus

FLAG_READ, FLAG_WRITE_NO_RESPONSE, FLAG_WRITE, FLAG_NOTIFY, FLAG_INDICATE = 2, 4, 8, 16, 32

_ACTIVE, _MAC, _MTU, _NAME, _REGISTER, _VALUE, _NOTIFY, _INDICATE, _ADVERTISE = range(1, 10)
_DISCONNECT, _DONE = 10, 11
_CONNECTED, _LEFT, _WRITE, _READ, _INDICATED, _NEW_MTU = 1, 2, 3, 4, 20, 21
_PORT = 0xFFFF
# Below are the services that the stack has itself.
_FIRST = 10
_EINVAL, _ENODEV, _ENOTCONN = 22, 19, 107

_on = False
_handler = None
_name = b"MPY VIRTUAL"
_mtu = 256
_rxbuf = 256
_adv = _resp = b""
# Handle -> [value, how much it takes, whether writes are appended].
_values = {}


class UUID:
    def __init__(self, value):
        if isinstance(value, int):
            if not 0 <= value <= 0xFFFF:
                raise ValueError("invalid UUID")
            self._raw = struct.pack("<H", value)
        elif isinstance(value, str):
            digits = value.replace("-", "")
            if len(digits) != 32:
                raise ValueError("invalid UUID")
            pairs = [int(digits[at : at + 2], 16) for at in range(30, -2, -2)]
            self._raw = bytes(pairs)
        else:
            self._raw = bytes(value)
            if len(self._raw) not in (2, 4, 16):
                raise ValueError("invalid UUID")

    def __iter__(self):
        return iter(self._raw)

    def __len__(self):
        return len(self._raw)

    def __eq__(self, other):
        return isinstance(other, UUID) and self._raw == other._raw

    def __hash__(self):
        return hash(self._raw)

    def __repr__(self):
        digits = "".join("%02x" % byte for byte in reversed(self._raw))
        if len(digits) < 32:
            return "UUID(0x%s)" % digits
        ends = ((0, 8), (8, 12), (12, 16), (16, 20), (20, 32))
        return "UUID('%s')" % "-".join(digits[start:end] for start, end in ends)


def _check(errno):
    if errno:
        raise OSError(errno)


def _need():
    if not _on:
        raise OSError(_ENODEV)


def _entry(handle):
    _need()
    if handle not in _values:
        raise OSError(_EINVAL)
    return _values[handle]


def _raw(data):
    # A str has its bytes there, as any buffer.
    return data.encode() if isinstance(data, str) else bytes(data)


def _tell(what, data=b""):
    return bus.ask(bus.BLE, what, len(data), data)


class BLE:
    _only = None

    def __new__(cls):
        if cls._only is None:
            cls._only = object.__new__(cls)
        return cls._only

    def active(self, active=None):
        global _on
        if active is not None and bool(active) != _on:
            _on = bool(active)
            _values.clear()
            if _on:
                bus.on_bytes[_PORT] = _came
                _tell(_ACTIVE, b"\x01")
                _tell(_NAME, _name)
                _tell(_MTU, struct.pack("<H", _mtu))
            else:
                bus.on_bytes.pop(_PORT, None)
                _tell(_ACTIVE, b"\x00")
        return _on

    def config(self, *which, **values):
        if which:
            if len(which) != 1 or values:
                raise TypeError("can't set and get, or get many")
            return _get(which[0])
        for key, value in values.items():
            _set(key, value)

    def irq(self, handler):
        global _handler
        _handler = handler

    def gap_advertise(self, interval_us, adv_data=None, *, resp_data=None, connectable=True):
        global _adv, _resp
        _need()
        if interval_us is None:
            _tell(_ADVERTISE, b"\x00\x00\x00\x00\x00\x00")
            return
        # What isn't given stays as it was.
        _adv = _adv if adv_data is None else _raw(adv_data)
        _resp = _resp if resp_data is None else _raw(resp_data)
        if len(_adv) > 31 or len(_resp) > 31 or not 20_000 <= interval_us <= 10_240_000:
            raise OSError(_EINVAL)
        head = struct.pack("<IBB", interval_us, 1 if connectable else 0, len(_adv))
        _check(_tell(_ADVERTISE, head + _adv + _resp))

    def gap_disconnect(self, conn_handle):
        _need()
        return not _tell(_DISCONNECT, struct.pack("<H", conn_handle))

    def gatts_register_services(self, services_definition):
        _need()
        # The services before these are gone.
        _values.clear()
        handle = _FIRST
        table = []
        handles = []
        for service, characteristics in services_definition:
            table.append(_declared(0, handle, 0, service))
            handle += 1
            mine = []
            for characteristic in characteristics:
                flags = characteristic[1]
                handle += 1  # its declaration
                table.append(_declared(1, handle, flags, characteristic[0]))
                mine.append(handle)
                handle += 1
                if flags & (FLAG_NOTIFY | FLAG_INDICATE):
                    handle += 1  # where a central subscribes
                for descriptor in characteristic[2] if len(characteristic) > 2 else ():
                    table.append(_declared(2, handle, descriptor[1], descriptor[0]))
                    mine.append(handle)
                    handle += 1
            for one in mine:
                _values[one] = [b"", 20, False]
            handles.append(tuple(mine))
        _tell(_REGISTER, b"".join(table))
        return tuple(handles)

    def gatts_read(self, value_handle):
        entry = _entry(value_handle)
        value = entry[0]
        if entry[2]:
            entry[0] = b""
        return value

    def gatts_write(self, value_handle, data, send_update=False):
        entry = _entry(value_handle)
        entry[0] = _raw(data)
        # A local write makes room for itself.
        entry[1] = max(entry[1], len(entry[0]))
        _tell(_VALUE, struct.pack("<HB", value_handle, 1 if send_update else 0) + entry[0])

    def gatts_notify(self, conn_handle, value_handle, data=None):
        self._send(_NOTIFY, conn_handle, value_handle, data)

    def gatts_indicate(self, conn_handle, value_handle, data=None):
        self._send(_INDICATE, conn_handle, value_handle, data)

    def _send(self, what, conn_handle, value_handle, data):
        _need()
        data = _entry(value_handle)[0] if data is None else _raw(data)
        _check(_tell(what, struct.pack("<HH", conn_handle, value_handle) + data))

    def gatts_set_buffer(self, value_handle, len, append=False):
        entry = _entry(value_handle)
        entry[0], entry[1], entry[2] = b"", len, bool(append)
        _tell(_VALUE, struct.pack("<HB", value_handle, 0))


def _get(key):
    if key == "mac":
        _need()
        low, high = _tell(_MAC, b"\x00"), _tell(_MAC, b"\x01")
        return (0, (high << 24 | low).to_bytes(6, "big"))
    if key not in ("gap_name", "mtu", "rxbuf"):
        raise ValueError("unknown config param")
    return {"gap_name": _name, "mtu": _mtu, "rxbuf": _rxbuf}[key]


def _set(key, value):
    global _name, _mtu, _rxbuf
    if key == "gap_name":
        _name = _raw(value)
        if _on:
            _tell(_NAME, _name)
    elif key == "mtu":
        if not 23 <= value <= 517:
            raise OSError(_EINVAL)
        _mtu = value
        if _on:
            _tell(_MTU, struct.pack("<H", _mtu))
    elif key == "rxbuf":
        _rxbuf = value
    elif key not in ("addr_mode", "bond", "mitm", "io", "le_secure"):
        raise ValueError("unknown config param")


def _declared(kind, handle, flags, uuid):
    raw = bytes(uuid)
    return bytes([kind, handle & 255, handle >> 8, flags & 255, flags >> 8, len(raw)]) + raw


def _came(data):
    """What happened in the air; a write or a read is answered once the handler has returned."""
    kind, conn, about = struct.unpack("<BHH", data)
    answer = 0
    if kind in (_CONNECTED, _LEFT):
        address = bytearray(data[5:])
        _call(kind, (conn, about, memoryview(address)))
        # It was good within the handler only: who kept it finds nothing.
        for at in range(6):
            address[at] = 0
        return
    if kind == _WRITE:
        entry = _values.get(about)
        if entry is not None:
            before = entry[0] if entry[2] else b""
            entry[0] = (before + data[5:])[: entry[1]]
            _tell(_VALUE, struct.pack("<HB", about, 0) + entry[0])
            _call(kind, (conn, about))
    elif kind == _READ:
        result = _call(kind, (conn, about))
        answer = result if isinstance(result, int) else 0
    elif kind == _INDICATED:
        _call(kind, (conn, about, data[5]))
        return
    else:
        _call(kind, (conn, about))
        return
    _tell(_DONE, bytes([answer & 255]))


def _call(kind, data):
    if _handler is None:
        return None
    try:
        return _handler(kind, data)
    except Exception as error:
        sys.stdout.write("Unhandled exception in IRQ callback handler\n")
        sys.print_exception(error)
        return None
