"""The upper 95 % bound of a share that was counted: Clopper & Pearson, Biometrika 26 (1934) 404.

One-sided. With none counted it is the rule of three, about 3/n (Hanley & Lippman-Hand, JAMA 249
(1983) 1743).
"""

import math

CONFIDENCE = 0.95


def upper_bound(count: int, n: int) -> float:
    """The share that would give `count` or fewer of `n` in one of twenty runs."""
    if not 0 <= count <= n:
        raise ValueError(f"expected 0 to {n}, got {count}")
    if count == n:
        return 1.0
    if not count:
        return -math.expm1(math.log(1 - CONFIDENCE) / n)
    low, high = count / n, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if _at_most(count, n, middle) > 1 - CONFIDENCE:
            low = middle
        else:
            high = middle
    return high


def _at_most(count: int, n: int, share: float) -> float:
    """The chance of at most `count` of `n`."""
    if not 0 < share < 1:
        return float(share <= 0)
    total, yes, no = 0.0, math.log(share), math.log1p(-share)
    whole = math.lgamma(n + 1)
    for k in range(count + 1):
        ways = whole - math.lgamma(k + 1) - math.lgamma(n - k + 1)
        total += math.exp(ways + k * yes + (n - k) * no)
    return total
