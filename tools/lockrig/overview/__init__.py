"""How all units' batteries stand, and one unit's in detail, from what was seen and kept here."""
