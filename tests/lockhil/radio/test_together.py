"""Several boards and phones in one air, and a long time of it."""

import asyncio
from collections import Counter
from typing import Any

from tests.lockhil.radio.rig import ECHO, OTHER, UNIT, board, connect, nus

SECOND = "24:0A:C4:00:00:02"
DAY_S = 86_400


def test_two_boards_and_two_phones_talk_at_the_same_time() -> None:
    with board(ECHO) as one, board(ECHO, air=one.air, address=SECOND) as two:
        phones = [one.central(), one.central(OTHER)]
        heard: dict[tuple[int, str], list[bytes]] = {}

        async def talk(number: int, unit: str) -> None:
            rx, tx = await nus(await connect(phones[number], unit))
            mine = heard.setdefault((number, unit), [])
            await tx.subscribe(mine.append)
            for n in range(20):
                await rx.write_value(
                    f"{number} to {unit[-1]} {n}".encode(), with_response=n % 2 == 0
                )
                await asyncio.sleep(0.01 * number)

        async def all_talk() -> None:
            # A phone connects to one after the other; both then talk to both.
            await asyncio.gather(talk(0, UNIT), talk(1, SECOND))
            await asyncio.sleep(1)

        one.air.everywhere(loss=0.2)
        one.run(all_talk())
        for (number, unit), mine in heard.items():
            expected = [f"{number} to {unit[-1]} {n}".upper().encode() for n in range(20)]
            assert b"".join(mine) == b"".join(expected)
        for each, number in ((one, 0), (two, 1)):
            got = "".join(said[2] for said in each.said if said[0] == "got")
            unit = UNIT if each is one else SECOND
            assert got == "".join(f"{number} to {unit[-1]} {n}" for n in range(20))


def test_a_scanner_polls_for_a_day_while_another_phone_is_connected() -> None:
    again = ECHO.replace("if event == 1:", "if event == 1:\n        advertise()")
    with board(again) as one:
        phone, scanner = one.central(), one.central(OTHER)
        one.run(connect(phone))
        kinds: Counter[int] = Counter()
        scanner.host.on("advertising_report", lambda report: kinds.update([report.event_type]))
        ends: list[Any] = []

        async def polls() -> None:
            for _ in range(24):
                await scanner.start_scanning(active=True)
                await asyncio.sleep(5)
                await scanner.stop_scanning()
                before = kinds.total()
                await asyncio.sleep(DAY_S / 24 - 5)
                assert kinds.total() == before

        next(iter(phone.connections.values())).on("disconnection", ends.append)
        woken = len(one.world.wakes)
        task = one.air.loop.create_task(polls())
        one.world.run((DAY_S + 60) * 1_000)
        assert task.done()
        task.result()
        # 5 s at 100 to 110 ms, 24 times.
        assert 24 * 44 < kinds[0] <= 24 * 51
        assert kinds[4] == kinds[0]
        assert not ends
        # The board slept: whoever only listens wakes nobody.
        assert len(one.world.wakes) - woken <= 25
