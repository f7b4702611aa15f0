"""Brings new firmware to a unit over its link."""
