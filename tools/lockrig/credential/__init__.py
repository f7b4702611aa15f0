"""Makes what lets one user into one unit."""
