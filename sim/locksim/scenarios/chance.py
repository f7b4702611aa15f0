"""Randomness by purpose: what is drawn for one thing never moves what is drawn for another.

A name and a seed give a stream; nothing here knows what it is for.
"""

from random import Random


def stream(seed: int, *purpose: object) -> Random:
    """The numbers for this purpose alone, the same in whatever order purposes are asked for."""
    # A text is hashed by SHA-512: the same on every machine and in every process.
    return Random("/".join(str(word) for word in (seed, *purpose)))  # noqa: S311 no secrets
