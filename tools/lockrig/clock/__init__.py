"""Compares a unit's clock with this computer's, and sets it."""
