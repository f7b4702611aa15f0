"""Ends all credentials of a unit at once, by a new epoch."""
