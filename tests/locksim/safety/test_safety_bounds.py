"""The upper bound of a counted share, against published values and its own definition."""

import math

import pytest

from locksim.safety.bounds import upper_bound


def test_the_rule_of_three() -> None:
    assert upper_bound(0, 100_000) == pytest.approx(3e-5, rel=0.01)
    assert upper_bound(0, 10) == pytest.approx(1 - 0.05**0.1)


@pytest.mark.parametrize(("count", "n"), [(1, 10), (3, 50), (10, 1_000), (200, 900)])
def test_one_run_in_twenty_counts_so_few_at_the_bound(count, n) -> None:
    share = upper_bound(count, n)
    chance = sum(math.comb(n, k) * share**k * (1 - share) ** (n - k) for k in range(count + 1))
    assert chance == pytest.approx(0.05, rel=1e-6)


def test_all_of_all_bounds_nothing() -> None:
    assert upper_bound(7, 7) == 1.0
    with pytest.raises(ValueError, match="expected"):
        upper_bound(8, 7)
