"""Battery packs: what a unit's plug meets, from fixed voltages to cells that live and die."""
