"""What bleak raises, in a line for who waits: no adapter here, not in the air, gone.

It words; whether to try again is the caller's to decide.
"""

from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakDBusError,
    BleakDeviceNotFoundError,
    BleakError,
)

# Whatever an operating system's Bluetooth may raise; a time-out is an OSError too.
FAILURES = (BleakError, OSError, EOFError)
# D-Bus's words for: nobody has that name, or nobody may talk to them.
_NOBODY = ("ServiceUnknown", "NameHasNoOwner", "AccessDenied", "NoReply", "Spawn.")


def no_adapter(error: Exception) -> str | None:
    """Why this machine can't do Bluetooth, if it is that what the error tells."""
    if isinstance(error, BleakBluetoothNotAvailableError):
        return str(error.args[0]).rstrip(".")
    if isinstance(error, BleakDBusError):
        if any(word in error.dbus_error for word in _NOBODY):
            return f"BlueZ, its Bluetooth service, doesn't run: {error}"
        return None
    if isinstance(error, OSError) and not isinstance(error, TimeoutError):
        # bleak doesn't name the file: it is the socket of D-Bus, by which BlueZ is asked.
        lacking = isinstance(error, FileNotFoundError)
        return f"no Bluetooth service runs here{'' if lacking else f': {error}'}"
    return None


def reason(error: Exception) -> str:
    """Why there is no contact, in some words."""
    if (why := no_adapter(error)) is not None:
        return f"this machine can't do Bluetooth: {why}"
    if isinstance(error, BleakDeviceNotFoundError):
        return "it isn't in the air"
    if isinstance(error, TimeoutError):
        return "it doesn't answer in time"
    return str(error) or type(error).__name__
