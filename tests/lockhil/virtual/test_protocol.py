"""The messages between a virtual board and its world: whole however they are split, one table."""

import ast
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockhil.virtual.interpreter import CHILD
from lockhil.virtual.protocol import HEAD, TAIL, Answer, Message, Op, SetUp, answer, happened, take
from tests.lockhil.virtual.rig import STAY, board

LONG = (Op.TX, Op.PROGRAM, Op.ERASE, Op.BLE)
_VALUE = st.integers(-(2**31), 2**31 - 1)
_PLAIN = st.builds(
    Message,
    st.sampled_from([op for op in Op if op not in LONG]),
    st.integers(0, 255),
    st.integers(0, 0xFFFF),
    _VALUE,
)
_BYTES = st.builds(
    lambda op, pin, data: Message(op, pin, 0, len(data), data),
    st.sampled_from(LONG),
    st.integers(0, 255),
    st.binary(max_size=300),
)


def _packed(message: Message) -> bytes:
    return HEAD.pack(message.op, message.pin, message.seq, message.value) + message.data


@given(st.lists(_PLAIN | _BYTES, max_size=8), st.data())
def test_messages_come_out_whole_however_they_are_split(
    messages: list[Message], data: st.DataObject
) -> None:
    whole = b"".join(_packed(message) for message in messages)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=8)))
    buffer, found = bytearray(), []
    for start, end in zip([0, *cuts], [*cuts, len(whole)], strict=True):
        buffer += whole[start:end]
        while (message := take(buffer)) is not None:
            found.append(message)
    assert found == messages
    assert not buffer


def test_what_is_no_message_is_an_error() -> None:
    with pytest.raises(ValueError, match="99"):
        take(bytearray(HEAD.pack(99, 0, 0, 0)))
    for op in LONG:
        with pytest.raises(ValueError, match=f"{op.name}, got -1$"):
            take(bytearray(HEAD.pack(op, 0, 0, -1)))


def test_answers_are_as_the_board_reads_them() -> None:
    assert HEAD.unpack(answer(Answer.VALUE, 7, -3)) == (Answer.VALUE, 0, 7, -3)
    message = happened(9, 1_000, [(13, 1), (21, 0)], 1, b"line\n")
    assert HEAD.unpack(message[:8]) == (Answer.HAPPENED, 2, 9, 1_000)
    assert TAIL.unpack(message[8:12]) == (1, 5)
    assert message[12:] == b"\x0d\x01\x15\x00line\n"


def test_the_board_numbers_its_messages_alike() -> None:
    numbers: dict[str, Any] = {}
    for node in ast.parse((CHILD / "bus.py").read_text()).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple):
            names = [name.id for name in node.targets[0].elts if isinstance(name, ast.Name)]
            numbers |= zip(names, eval(ast.unparse(node.value)), strict=True)
    assert numbers == {member.name: int(member) for kind in (Op, Answer, SetUp) for member in kind}


# Ctrl-C comes right after the first write of what is sent: whatever it interrupts is left out.
INTERRUPTED = """
import bus
wire = bus._file
class Interrupted:
    def write(self, data):
        wire.write(data)
        raise KeyboardInterrupt
bus._file = Interrupted()
try:
    machine.UART(1).write('"first, Å"\\n')
except KeyboardInterrupt:
    pass
bus._file = wire
say("second")
"""


def test_ctrl_c_while_it_sends_costs_no_message_that_follows() -> None:
    with board(INTERRUPTED + STAY) as rig:
        rig.world.run(10)
        assert rig.said == ["first, Å", "second"]
