"""A target: one unit that can be reached, with its bench and its link.

It says what there is; how a kind of target is opened stands in the kind's own module.
"""

from dataclasses import dataclass

from lockhil.bench import Bench
from lockhil.client import Link
from lockhil.session.credentials import Issuer


@dataclass(frozen=True, slots=True)
class Target:
    """An open target.

    `name` is what it was asked for by, `kind` the word before its colon; `clock_kind` is `virtual`
    or `real`; times in its traces are right to `tolerance_ms`. `issuer` gives out credentials for
    the unit; None: it is a development unit, or nobody here has its key.
    """

    name: str
    kind: str
    clock_kind: str
    tolerance_ms: int
    bench: Bench
    link: Link
    unit_id: str
    firmware: str
    issuer: Issuer | None = None

    @property
    def in_air(self) -> bool:
        """Whether its link is a connection, which may not be there when the unit tells something,
        and on which a stranger is sent away after 15 s."""
        return self.kind.startswith("ble")
