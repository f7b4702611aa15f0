"""Adverts in the air: byte for byte, at their interval, and for nothing while nobody listens."""

from itertools import pairwise

from tests.lockhil.radio.place import ADVERT, ANSWER, INTERVAL_MS, LOCK, OTHER, PHONE, Place


def test_adverts_come_at_their_interval_and_a_bit(place: Place) -> None:
    place.advertise()
    heard = place.listen(place.phone)
    place.timeline.run(100_000)
    adverts = [t_ms for t_ms, report in heard if report.event_type == 0]
    gaps = [b - a for a, b in pairwise(adverts)]
    assert len(gaps) > 90
    assert all(INTERVAL_MS <= gap <= INTERVAL_MS + 11 for gap in gaps)
    assert len(set(gaps)) > 5


def test_advert_and_scan_response_arrive_byte_for_byte(place: Place) -> None:
    place.advertise()
    heard = place.listen(place.phone)
    place.timeline.run(5_000)
    kinds = {report.event_type: bytes(report.data) for _, report in heard}
    assert kinds == {0: ADVERT, 4: ANSWER}


def test_who_listens_passively_hears_no_scan_response(place: Place) -> None:
    place.advertise()
    heard = place.listen(place.phone, active=False)
    place.timeline.run(5_000)
    assert {report.event_type for _, report in heard} == {0}


def test_duplicates_are_left_out_on_demand(place: Place) -> None:
    place.advertise()
    heard = place.listen(place.phone, filter_duplicates=True)
    place.timeline.run(5_000)
    assert [report.event_type for _, report in heard] == [0, 4]


def test_who_listens_a_tenth_of_the_time_hears_about_a_tenth(place: Place) -> None:
    place.advertise()
    heard = place.listen(place.phone, active=False, scan_interval=1_000, scan_window=100)
    place.timeline.run(1_000_000)
    assert 60 < len(heard) < 140


def test_adverts_that_nobody_hears_take_nothing(place: Place) -> None:
    place.advertise()
    assert place.quiet
    heard = place.listen(place.phone)
    place.timeline.run(INTERVAL_MS + 10)
    assert heard
    place.run(place.phone.stop_scanning())
    assert place.quiet


def test_strength_is_that_of_the_path(place: Place) -> None:
    other = place.run(place.air.central(OTHER))
    place.air.between(LOCK, PHONE, rssi_dbm=-45)
    place.air.between(LOCK, OTHER, rssi_dbm=-90)
    place.advertise()
    near, far = place.listen(place.phone), place.listen(other)
    place.timeline.run(10_000)
    assert all(-47 <= report.rssi <= -43 for _, report in near)
    assert all(-92 <= report.rssi <= -88 for _, report in far)
    assert near
    assert far


def test_out_of_range_nothing_is_heard_and_with_loss_less(place: Place) -> None:
    place.advertise()
    heard = place.listen(place.phone)
    place.air.between(LOCK, PHONE, within=False)
    place.timeline.run(100_000)
    assert not heard
    place.air.between(LOCK, PHONE, within=True, loss=0.5)
    place.timeline.run(1_000_000)
    adverts = sum(report.event_type == 0 for _, report in heard)
    answers = sum(report.event_type == 4 for _, report in heard)
    assert 430 < adverts < 570
    assert 180 < answers < 310
