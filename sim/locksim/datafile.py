"""Data files in TOML: read, checked against a type, and refused in one line.

What the data mean is their own module's business.
"""

import difflib
import re
import tomllib
from pathlib import Path
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")
MOST_BYTES = 1_000_000


class BadFileError(ValueError):
    """The message names file, key, value, and what is allowed."""


def read(path: Path, kind: type[T]) -> T:
    """The file at `path` as a `kind` (a msgspec.Struct that forbids unknown fields).

    BadFileError, also where there is no such file.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        reason = error.strerror or "unreadable"
        raise BadFileError(f"{path}: expected a TOML file, got: {reason.lower()}") from None
    if len(data) > MOST_BYTES:
        raise BadFileError(f"{path}: expected at most {MOST_BYTES} bytes, got more")
    try:
        raw = tomllib.loads(data.decode("utf-8-sig"))
    # A number of 5,000 digits is a plain ValueError; brackets without end exhaust the stack.
    except (ValueError, RecursionError) as error:
        raise BadFileError(f"{path}: expected TOML, got: {error!s:.200}") from None
    return check(raw, kind, str(path))


def check(raw: dict[str, Any], kind: type[T], where: str) -> T:
    """`raw` as a `kind`; BadFileError begins with `where`."""
    try:
        return msgspec.convert(raw, kind)
    except msgspec.ValidationError as error:
        raise BadFileError(f"{where}: {_told(str(error), raw, kind)}") from None


def _told(message: str, raw: dict[str, Any], kind: type[Any]) -> str:
    """msgspec's message, with the key first and the value beside it."""
    found = re.fullmatch(r"(.*?)(?: - at `(?:key in )?\$\.?(.*)`)?", message)
    text, path = (found[1], found[2] or "") if found else (message, "")
    unknown = re.fullmatch(r"Object contains unknown field `(.*)`", text)
    if unknown:
        return _unknown(unknown[1], path, kind)
    missing = re.fullmatch(r"Object missing required field `(.*)`", text)
    if missing:
        return f"{_join(path, missing[1])}: expected, but it isn't there"
    if text.startswith("Invalid enum value"):
        values = getattr(_at(kind, path), "values", ())
        text = f"expected one of {', '.join(map(str, values))}"
    # No file can say null: it stands for a key that isn't there.
    text = text[:1].lower() + text[1:].replace(" | null", "")
    return f"{path}: {text.replace('`', '')}, got {_value(raw, path)!r:.80}"


def _unknown(name: str, path: str, kind: type[Any]) -> str:
    known = _fields(kind, path)
    near = difflib.get_close_matches(name, known, 1)
    hint = f"; did you mean {near[0]}?" if near else ""
    return f"{_join(path, name)}: unknown key; allowed: {', '.join(known)}{hint}"


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _steps(path: str) -> list[str | int]:
    return [
        int(part[1:-1]) if part.startswith("[") else part
        for part in re.findall(r"\[\d+\]|\[\.\.\.\]|[^.\[\]]+", path)
        if part != "[...]"
    ]


def _value(raw: Any, path: str) -> Any:
    for step in _steps(path):
        try:
            raw = raw[step]
        except (KeyError, IndexError, TypeError):
            return raw
    return raw


def _fields(kind: Any, path: str) -> list[str]:
    """The names that the struct at `path` of a `kind` has."""
    info = _at(kind, path)
    return [f.encode_name for f in info.fields] if hasattr(info, "fields") else []


def _at(kind: Any, path: str) -> Any:
    """What msgspec knows of the type at `path` of a `kind`."""
    info = msgspec.inspect.type_info(kind)
    for step in _steps(path):
        if isinstance(info, msgspec.inspect.StructType):
            info = next((f.type for f in info.fields if f.encode_name == step), info)
        elif isinstance(info, msgspec.inspect.DictType):
            info = info.value_type
        elif isinstance(info, msgspec.inspect.ListType | msgspec.inspect.VarTupleType):
            info = info.item_type
        if isinstance(info, msgspec.inspect.UnionType):
            structs = [t for t in info.types if not isinstance(t, msgspec.inspect.NoneType)]
            info = structs[0]
    return info
