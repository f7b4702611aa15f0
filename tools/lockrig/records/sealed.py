"""Files that say what they are: JSON with a format's name and a checksum.

Against damage, not against anybody: whoever can write a file can write its checksum.
"""

import hashlib
import json
from typing import Any


class DamagedRecordError(ValueError):
    """A file in the place of a record is none, or isn't what was once written."""


def seal(form: str, name: str, body: dict[str, Any]) -> bytes:
    """The file of `body`, under `name` in it, of the format `form`."""
    whole = {"format": form, "sha256": _digest(body), name: body}
    return (json.dumps(whole, ensure_ascii=False, indent=1) + "\n").encode()


def unseal(form: str, name: str, data: bytes) -> dict[str, Any]:
    """The body in `data`; DamagedRecordError says what is wrong."""
    try:
        # Without `decode` JSON in any Unicode would do.
        whole = json.loads(data.decode())
    except UnicodeDecodeError:
        raise DamagedRecordError("no UTF-8") from None
    except (ValueError, RecursionError):
        raise DamagedRecordError("no JSON") from None
    if not isinstance(whole, dict) or whole.get("format") != form:
        raise DamagedRecordError(f"not of format {form}")
    body = whole.get(name)
    try:
        same = isinstance(body, dict) and whole.get("sha256") == _digest(body)
    except RecursionError:
        raise DamagedRecordError("nested too deeply") from None
    if not same:
        raise DamagedRecordError("its checksum doesn't match")
    assert isinstance(body, dict)
    return body


def _digest(body: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
