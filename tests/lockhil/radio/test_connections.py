"""Connections in the air: when what is sent arrives, and how they end."""

import pytest
from bumble import hci
from bumble.core import PhysicalTransport
from bumble.core import TimeoutError as GaveUp
from bumble.device import Peer
from hypothesis import given
from hypothesis import strategies as st

from tests.lockhil.radio.place import DAY_MS, LOCK, OTHER, PHONE, Place, ends_of, talk_of


def test_a_connection_nobody_uses_takes_nothing_for_a_day(place: Place) -> None:
    connection = place.connect()
    assert place.quiet
    place.timeline.run(DAY_MS)
    assert connection.handle in place.phone.connections


def test_both_ends_know_the_same_timing(place: Place) -> None:
    place.air.everywhere(interval_ms=50, supervision_ms=2_000)
    phone = place.connect().parameters
    lock = place.at_lock[0].parameters
    assert (phone.connection_interval, phone.supervision_timeout) == (50, 2_000)
    assert (lock.connection_interval, lock.supervision_timeout) == (50, 2_000)


def test_what_is_sent_arrives_at_the_next_meeting(place: Place) -> None:
    connection = place.connect()
    began = place.timeline.now
    talk = place.run(talk_of(connection))
    place.timeline.run(10)
    before = place.timeline.now
    place.run(talk.write_value(b"hello"))
    assert not place.written
    assert place.air.runner.wait(lambda: bool(place.written), 100)
    assert before < place.timeline.now <= before + 30
    assert (place.timeline.now - began) % 30 == 0


def test_an_answer_leaves_at_the_next_meeting(place: Place) -> None:
    connection = place.connect()
    place.timeline.run(10)
    began = place.timeline.now
    place.run(Peer(connection).request_mtu(100))
    # 20 ms to the next one, and one more.
    assert place.timeline.now == began + 20 + 30


def test_a_long_packet_arrives_whole(place: Place) -> None:
    connection = place.connect()
    talk = place.run(talk_of(connection))
    place.run(Peer(connection).request_mtu(517))
    place.run(talk.write_value(bytes(range(250)) * 2))
    place.timeline.run(1_000)
    assert place.written == [bytes(range(250)) * 2]


@given(
    seed=st.integers(0, 10_000),
    loss=st.sampled_from([0.0, 0.1, 0.5, 0.8]),
    sizes=st.lists(st.integers(1, 20), max_size=12),
    pauses=st.lists(st.integers(0, 90), min_size=12, max_size=12),
)
def test_loss_delays_and_never_drops_doubles_or_reorders(
    seed: int, loss: float, sizes: list[int], pauses: list[int]
) -> None:
    place = Place(seed)
    connection = place.connect()
    talk = place.run(talk_of(connection))
    heard: list[bytes] = []
    place.run(talk.subscribe(heard.append))
    place.air.everywhere(loss=loss)
    sent = [bytes([n]) * size for n, size in enumerate(sizes)]
    for value, pause in zip(sent, pauses, strict=False):
        place.run(talk.write_value(value))
        place.air.loop.create_task(place.lock.notify_subscribers(place.told, value))
        place.timeline.run(pause)
    place.timeline.run(10_000)
    assert place.written == sent
    assert heard == sent
    place.air.close()


@pytest.mark.parametrize("loss", [0.0, 0.5])
def test_out_of_range_for_as_long_as_the_time_out_both_ends_are_told(
    place: Place, loss: float
) -> None:
    ends = ends_of(place, place.connect())
    place.air.everywhere(loss=loss, rssi_dbm=-70)
    gone = place.timeline.now
    place.air.between(LOCK, PHONE, within=False)
    place.timeline.run(2_000)
    place.air.between(LOCK, PHONE, rssi_dbm=-100)
    place.timeline.run(1_999)
    assert not ends
    place.timeline.run(1)
    assert sorted(ends) == [("lock", 8, gone + 4_000), ("phone", 8, gone + 4_000)]
    assert place.quiet


def test_back_in_range_in_time_nothing_is_lost(place: Place) -> None:
    connection = place.connect()
    ends = ends_of(place, connection)
    talk = place.run(talk_of(connection))
    place.air.everywhere(within=False)
    place.run(talk.write_value(b"kept"))
    place.timeline.run(3_900)
    assert not place.written
    place.air.everywhere(within=True)
    place.timeline.run(60)
    assert place.written == [b"kept"]
    place.timeline.run(DAY_MS)
    assert not ends


def test_heavy_loss_alone_silences_a_connection_sooner_or_later() -> None:
    lives = []
    for seed in range(20):
        place = Place(seed)
        ends = ends_of(place, place.connect())
        place.air.everywhere(loss=0.97)
        began = place.timeline.now
        assert place.air.runner.wait(lambda ends=ends: len(ends) == 2, 100 * DAY_MS)
        lives.append(ends[0][2] - began)
        place.air.close()
    # A run of 133 losses at 0.97 comes after some 1,900 meetings of 30 ms on average.
    assert 15_000 < sum(lives) / len(lives) < 200_000
    assert min(lives) >= 4_000


def test_who_hangs_up_and_who_is_hung_up_on_are_told_apart(place: Place) -> None:
    connection = place.connect()
    ends = ends_of(place, connection)
    place.run(connection.disconnect())
    assert [(who, reason) for who, reason, _ in sorted(ends)] == [("lock", 0x13), ("phone", 0x16)]
    assert place.quiet


def test_hanging_up_out_of_range_takes_the_time_out(place: Place) -> None:
    connection = place.connect()
    ends = ends_of(place, connection)
    place.air.everywhere(within=False)
    began = place.timeline.now
    place.run(connection.disconnect())
    assert place.timeline.now == began + 4_000
    assert [(who, reason) for who, reason, _ in sorted(ends)] == [("lock", 8), ("phone", 8)]


def test_who_loses_power_is_missed_after_the_time_out_and_can_be_met_again(place: Place) -> None:
    ends = ends_of(place, place.connect())
    place.run(place.lock.host.reset())
    ends.clear()
    place.timeline.run(3_999)
    assert not ends
    place.timeline.run(1)
    assert [(who, reason) for who, reason, _ in ends] == [("phone", 8)]
    assert place.connect()


def test_connecting_waits_for_an_advert_and_can_be_given_up(place: Place) -> None:
    with pytest.raises(GaveUp):
        place.run(place.phone.connect(hci.Address(LOCK), timeout=5))
    assert place.timeline.now >= 5_000
    connection = place.connect()
    assert connection.transport == PhysicalTransport.LE
    assert place.quiet


def test_several_centrals_and_each_hears_its_own(place: Place) -> None:
    other = place.run(place.air.central(OTHER))
    one = place.run(talk_of(place.connect()))
    two = place.run(talk_of(place.connect(other)))
    heard: dict[str, list[bytes]] = {"one": [], "two": []}
    place.run(one.subscribe(heard["one"].append))
    place.run(two.subscribe(heard["two"].append))
    first, second = place.at_lock
    assert (str(first.peer_address), str(second.peer_address)) == (PHONE, OTHER)
    place.run(place.lock.notify_subscriber(second, place.told, b"to the second"))
    place.timeline.run(100)
    assert heard == {"one": [], "two": [b"to the second"]}


def test_the_strength_of_a_connection_can_be_asked_for(place: Place) -> None:
    place.air.everywhere(rssi_dbm=-77)
    connection = place.connect()
    assert -79 <= place.run(connection.get_rssi()) <= -75


def test_a_path_that_cannot_be_is_refused(place: Place) -> None:
    for changes in ({"loss": 1.5}, {"rssi_dbm": 50}, {"interval_ms": 1}, {"supervision_ms": 9}):
        with pytest.raises(ValueError, match="expected"):
            place.air.everywhere(**changes)
