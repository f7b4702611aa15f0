"""Cells: their laws as data, and one cell's life in closed form."""
