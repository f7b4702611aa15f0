"""A board, a radio and a phone: everything there is, once, on the virtual clock."""

from typing import Any

from tests.lockhil.radio.rig import ECHO, board, connect, nus


def _conversation(seed: int) -> tuple[list[Any], list[tuple[int, bytes]], list[Any]]:
    """What the board said, what the phone heard and when, and the trace."""
    with board(ECHO, seed=seed) as one:
        phone = one.central()
        heard: list[tuple[int, bytes]] = []

        async def talk() -> None:
            rx, tx = await nus(await connect(phone))
            await tx.subscribe(lambda value: heard.append((one.world.now, value)))
            await rx.write_value(b"hello", with_response=True)

        one.air.everywhere(loss=0.3)
        one.run(talk())
        assert one.wait(lambda: bool(heard), 10_000)
        return one.said, heard, one.world.recorder.events


def test_a_phone_writes_and_is_notified() -> None:
    said, heard, _ = _conversation(0)
    assert said == [["joined", 0, 1, "c00000000001"], ["got", 0, "hello"]]
    assert [value for _, value in heard] == [b"HELLO"]


def test_the_same_seed_gives_the_same_run_and_another_another() -> None:
    assert _conversation(1) == _conversation(1)
    assert _conversation(1)[1] != _conversation(2)[1]
