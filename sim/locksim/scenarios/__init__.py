"""Scenarios: a battery's life in a lock as data, and the life itself, lived by the real core."""
