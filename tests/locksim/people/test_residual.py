"""10,000 good packs and 10,000 faulty ones before the simulated technician."""

from random import Random

import pytest

from lockjudge.trace import format_trace, parse_trace
from locksim.light_faults import FLASHES, GROSS, INVISIBLE, NEAR
from locksim.light_patterns import Lights, other_makers, own_timing
from locksim.people import Technician
from locksim.residual import (
    EVERY_KIND,
    allowed_faults,
    refused_good_packs,
    refused_perfectly,
    seen_perfectly,
)
from tests.bench import residual

SEED = 1
# A light that comes with the finger on the button can't be told from one that came just before:
# this kind is over 1 % by itself, and `docs/safety.md` says so.
TOO_CLOSE = "lit for less than 1 s before the press"


@pytest.fixture(scope="module")
def allowed():
    return list(allowed_faults(EVERY_KIND, -(-10_000 // len(EVERY_KIND)), SEED))


def share(allowed, kinds):
    chosen = [share for share in allowed if share.kind in kinds]
    return sum(share.count for share in chosen) / sum(share.n for share in chosen)


def test_at_most_5_percent_of_10_000_good_packs_are_refused():
    assert refused_good_packs(own_timing, 10_000, SEED) <= 500


def test_the_10_000_faulty_ones_are_of_every_kind(allowed):
    assert sum(share.n for share in allowed) >= 10_000
    assert [share.kind for share in allowed] == [*GROSS, *NEAR, *FLASHES]


def test_none_is_allowed_but_near_misses_and_flashes(allowed):
    assert {share.kind: share.count for share in allowed if share.kind in GROSS} == dict.fromkeys(
        GROSS, 0
    )


def test_limits_missed_by_less_than_1_s_are_allowed_in_1_percent_at_most(allowed):
    assert share(allowed, NEAR) <= 0.01
    for kind in set(NEAR) - {TOO_CLOSE}:
        assert share(allowed, [kind]) <= 0.01, kind


def test_lights_under_a_tenth_of_a_second_are_allowed_in_1_percent_at_most(allowed):
    assert share(allowed, FLASHES) <= 0.01
    for kind in FLASHES:
        assert share(allowed, [kind]) <= 0.01, kind


def test_what_no_eye_sees_is_allowed():
    """Said, not hidden: a model that saw it would be no model of eyes."""
    (unseen,) = allowed_faults(INVISIBLE, 200, SEED)
    assert unseen.percent > 50


def test_a_perfect_observer_allows_every_good_pattern():
    rng = Random(SEED)
    for maker in (own_timing, other_makers):
        assert not any(refused_perfectly(maker(rng)) for _ in range(500))


@pytest.mark.parametrize("kind", [*EVERY_KIND, *INVISIBLE])
def test_a_faulty_pattern_is_refused_by_a_perfect_observer(kind):
    make = {**EVERY_KIND, **INVISIBLE}[kind]
    rng = Random(SEED)
    refused = [refused_perfectly(make(rng)) for _ in range(100)]
    assert all(refused) or (kind.startswith("random") and any(refused))


@pytest.mark.parametrize("kind", [*EVERY_KIND, *INVISIBLE])
def test_both_observers_write_traces_that_parse(kind):
    rng = Random(SEED)
    make = {**EVERY_KIND, **INVISIBLE}[kind]
    for _ in range(5):
        lights = make(rng)
        for trace in (seen_perfectly(lights), Technician(rng).observe(lights)):
            text = "\n".join(format_trace(trace.header, trace.events))
            assert parse_trace(text.encode()) == trace


def test_the_same_seed_measures_the_same():
    kinds = {"random": GROSS["random lights of 0.1 s and more"], **NEAR}
    assert list(allowed_faults(kinds, 30, 5)) == list(allowed_faults(kinds, 30, 5))
    assert refused_good_packs(own_timing, 300, 5) == refused_good_packs(own_timing, 300, 5)
    assert refused_perfectly(Lights())


def test_the_table_names_every_kind(capsys):
    residual.main(["2"])
    table = capsys.readouterr().out
    assert all(f"| {kind} |" in table for kind in [*EVERY_KIND, *INVISIBLE])
