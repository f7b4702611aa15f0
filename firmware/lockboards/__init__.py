"""Drivers over `machine`: they give the core its board, and wait for it.

Nothing here decides what a lock does, and nothing knows whether the board is a real one.
"""
