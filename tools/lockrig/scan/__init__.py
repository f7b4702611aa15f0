"""Which units are in the air, without connecting to any."""
