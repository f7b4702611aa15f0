"""Wiring diagrams and parts lists, made from a board's data: `python -m lockhil.drawings [FOLDER]`.

`ink` draws symbols, `parts` works out values, `tiles` draws each circuit, `sheet` puts them on a
page. Nothing here was soldered by us yet; nothing here is read by a board.
"""
