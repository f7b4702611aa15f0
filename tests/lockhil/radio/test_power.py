"""What a board's adverts take of its pack, in the world around it."""

from tests.lockhil.radio.rig import ECHO, board, connect
from tests.lockhil.virtual.rig import STAY
from tests.lockhil.virtual.rig import board as alone


def test_adverts_take_power_while_they_last() -> None:
    again = ECHO.replace(
        "        advertise()\n    elif event == 3", "        pass\n    elif event == 3"
    )
    with board(again) as one:
        plant = one.world.plant
        assert plant.adverts_ua == 150
        phone = one.central()
        connection = one.run(connect(phone))
        one.world.run(100)
        assert plant.adverts_ua == 0
        one.run(connection.disconnect())
        one.world.run(100)
        assert plant.adverts_ua == 0
        one.world.reset("soft")
        one.world.run(100)
        assert plant.adverts_ua == 150


def test_a_radio_without_an_air_takes_the_same() -> None:
    with alone(ECHO + STAY) as one:
        assert one.world.plant.adverts_ua == 150
