"""Makes an update for one unit, signed with its key."""
