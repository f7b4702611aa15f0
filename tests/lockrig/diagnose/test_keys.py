"""From bytes to keys: sequences never read as the letters in them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockrig.diagnose.keys import Keys


@pytest.mark.parametrize(
    ("data", "keys"),
    [
        (b"gG r", ["g", "G", " ", "r"]),
        (b"\r\x7f\n\b", ["enter", "backspace", "enter", "backspace"]),
        ("åö".encode(), ["å", "ö"]),
        (b"\x1b[Gr", ["r"]),
        (b"\x1bOPr", ["r"]),
        (b"\x1b[1;5Gr", ["r"]),
        (b"\x1bgr", ["r"]),
        (b"\x1b[\x03", ["ctrl-c"]),
        (b"\x00\x1a\x04", []),
        (b"\xff\xfeg", ["\ufffd", "\ufffd", "g"]),
    ],
)
def test_bytes_become_keys(data: bytes, keys: list[str]) -> None:
    assert Keys().feed(data) == keys
    reader = Keys()
    assert [key for byte in data for key in reader.feed(bytes([byte]))] == keys


def test_a_lone_escape_is_over_after_a_pause() -> None:
    keys = Keys()
    keys.feed(b"\x1b")
    keys.pause()
    assert keys.feed(b"g") == ["g"]


@given(st.binary(), st.binary())
def test_ctrl_c_is_always_heard(before: bytes, after: bytes) -> None:
    keys = Keys()
    keys.feed(before)
    # A character may still be incomplete: then it is the second one at the latest.
    assert "ctrl-c" in keys.feed(b"\x03\x03" + after)
