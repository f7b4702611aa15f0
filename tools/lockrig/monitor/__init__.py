"""A unit's own account of itself, live: worded for people, and kept as a trace."""
