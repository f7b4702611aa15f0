"""What each chip's pins can be used for, and whether a board's data keep to it.

`chips.toml` is the table, `data` reads a board's file strictly, `rules` holds it to the table. It
touches no board.
"""
