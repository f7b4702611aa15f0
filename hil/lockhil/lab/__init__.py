"""The boards of a place of work: by name, where their ports are just now, and who has them.

It knows boards as their owner wrote them down; what is on a board, `boards` finds out.
"""
