"""Cells on the command line: the models beside the figures; no model lives here."""
