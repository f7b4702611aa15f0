"""The group `lockrig records`: what was kept of diagnoses and battery changes.

It finds its subcommand, and does nothing itself.
"""

import click

from lockrig.lazy import LazyGroup


class _Records(LazyGroup):
    modules = {  # noqa: RUF012 as its base has it
        "list": "lockrig.records.listing",
        "show": "lockrig.records.showing",
        "verify": "lockrig.records.checking",
        "export": "lockrig.records.exporting",
        "reindex": "lockrig.records.reindexing",
    }


@click.group(cls=_Records)
def command() -> None:
    """Show, check and hand on the records of diagnoses and battery changes.

    Not certified, not any vendor's product; the care provider's own routine prevails.
    """
