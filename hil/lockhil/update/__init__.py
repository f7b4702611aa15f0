"""Firmware over the link: the signed package, and bringing it to a production unit.

The unit's side is the firmware's; a board on a bench is flashed over its console (`boards`).
"""
