# ruff: noqa: T201 - a benchmark prints
"""`python -m tests.bench.residual [N]`: what a technician's eyes refuse and allow, as a table.

N procedures of each kind. The short questions are there to show what their hints are worth.
"""

import argparse

from locksim.light_faults import FLASHES, GROSS, INVISIBLE, NEAR
from locksim.light_patterns import other_makers, own_timing
from locksim.people import TERSE, Eyes, Wording
from locksim.residual import allowed_faults, refused_good_packs


def percent(count: int, n: int) -> str:
    return f"{100 * count / n:.2f} %" if count else "0"


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("n", nargs="?", type=int, default=1_000, metavar="N")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--weber", type=float, default=Eyes().weber)
    parser.add_argument("--closure-ms", type=int, default=Eyes().closure_ms)
    options = parser.parse_args(arguments)
    n, seed = options.n, options.seed
    eyes = Eyes(weber=options.weber, closure_ms=options.closure_ms)

    print(f"n = {n} of each kind, seed {seed}; weber {eyes.weber}, closure {eyes.closure_ms} ms\n")
    print("| refused, though good | full questions | short questions |\n| --- | --- | --- |")
    for name, maker in (("our own timing", own_timing), ("anywhere in the limits", other_makers)):
        shares = [refused_good_packs(maker, n, seed, words, eyes) for words in (Wording(), TERSE)]
        print(f"| {name} | {' | '.join(percent(share, n) for share in shares)} |")
    for title, kinds in (
        ("allowed, though faulty", GROSS),
        ("allowed: limits missed by less than 1 s", NEAR),
        ("allowed: lights, or darkness, of less than 0.1 s", FLASHES),
        ("what no eye sees", INVISIBLE),
    ):
        print(f"\n| {title} | full questions | short questions |\n| --- | --- | --- |")
        total = [0, 0]
        asked = allowed_faults(kinds, n, seed, Wording(), eyes)
        short = allowed_faults(kinds, n, seed, TERSE, eyes)
        for one, other in zip(asked, short, strict=True):
            total = [total[0] + one.count, total[1] + other.count]
            print(f"| {one.kind} | {percent(one.count, n)} | {percent(other.count, n)} |")
        every = n * len(kinds)
        print(f"| **all of these** | {percent(total[0], every)} | {percent(total[1], every)} |")


if __name__ == "__main__":
    main()
