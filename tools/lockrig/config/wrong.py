"""What is wrong with a configuration, in one line: the file, the key, what was expected and came.

Whether something is wrong, `shape` decides; here it is looked up in the schema and put into words.
"""

import difflib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from lockhil.lab.entries import RESERVED
from lockrig.config.shape import Shape, schema
from lockrig.errors import Exit, LockrigError
from lockrig.i18n import _
from lockrig.trace.terminal import safe

_LONGEST = 60


def wrong(message: str, after: str = "", **values: object) -> LockrigError:
    """The error of a message with places for `values`."""
    return LockrigError(message.format(**values) + after, Exit.USAGE)


def first_fault(path: Path, data: dict[str, Any]) -> LockrigError | None:
    """What is wrong with what the file at `path` says; None: nothing."""
    try:
        msgspec.convert(data, Shape)
    except msgspec.ValidationError as error:
        # Nothing is refused that the schema allows: a test sees to that.
        why = next(faults(data), str(error))
        return LockrigError(f"{safe(str(path))}: {why}", Exit.USAGE)
    return None


def faults(data: dict[str, Any]) -> Iterator[str]:
    """Each fault that the schema finds, in words."""
    whole = schema()
    return _value("", data, whole, whole)


def _value(key: str, value: Any, node: dict[str, Any], whole: dict[str, Any]) -> Iterator[str]:
    if value is None and "anyOf" in node:
        return
    node = _resolved(node, whole)
    if node["type"] != "object":
        if not _fits(value, node):
            yield _unlike(key, node, _shown(value))
        return
    if not isinstance(value, dict):
        yield _("{key} must be a table, got {came}").format(key=key, came=_shown(value))
        return
    here = f"{key}." if key else ""
    if "properties" in node:
        yield from _missing_and_unknown(here, value, node, whole)
        inner = node["properties"]
    else:
        yield from _bad_names(here, value, node["propertyNames"])
        inner = dict.fromkeys(value, node["additionalProperties"])
    for name in value.keys() & inner.keys():
        yield from _value(here + safe(name), value[name], inner[name], whole)


def _missing_and_unknown(
    here: str, value: dict[str, Any], node: dict[str, Any], whole: dict[str, Any]
) -> Iterator[str]:
    known = node["properties"]
    for name in value.keys() - known.keys():
        near = difflib.get_close_matches(name, known, n=1)
        yield _("unknown key {key}; allowed here: {allowed}").format(
            key=here + safe(name), allowed=", ".join(known)
        ) + (_("; did you mean {name}?").format(name=near[0]) if near else "")
    for name in node["required"]:
        if name not in value:
            yield _unlike(here + name, _resolved(known[name], whole), _("nothing"))


def _bad_names(here: str, value: dict[str, Any], names: dict[str, Any]) -> Iterator[str]:
    for name in value:
        if not re.search(names["pattern"], name):
            yield _(
                "{key} can't be a board's name: expected at most 32 letters, digits, . _ -, "
                "and none of {taken}"
            ).format(key=here + safe(name), taken=", ".join(RESERVED))


def _unlike(key: str, node: dict[str, Any], came: str) -> str:
    example = ", ".join(json.dumps(example, ensure_ascii=False) for example in node["examples"])
    return _("{key} must read like {example}, got {came}").format(
        key=key, example=example, came=came
    )


def _fits(value: Any, node: dict[str, Any]) -> bool:
    if node["type"] == "integer":
        whole_number = isinstance(value, int) and not isinstance(value, bool)
        return whole_number and node["minimum"] <= value <= node["maximum"]
    return (
        isinstance(value, str)
        and node.get("minLength", 0) <= len(value) <= node.get("maxLength", len(value))
        and re.search(node.get("pattern", ""), value) is not None
    )


def _resolved(node: dict[str, Any], whole: dict[str, Any]) -> dict[str, Any]:
    """The description itself, where `node` names it, or allows nothing instead."""
    if "anyOf" in node:
        node = next(choice for choice in node["anyOf"] if choice.get("type") != "null")
    if "$ref" in node:
        node = whole["$defs"][node["$ref"].rpartition("/")[2]]
    return node


def _shown(value: object) -> str:
    words = json.dumps(value, ensure_ascii=False) if isinstance(value, str) else str(value)
    text = safe(words)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
