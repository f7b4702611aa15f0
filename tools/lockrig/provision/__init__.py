"""Gives a unit the key of its lock, at a bench."""
