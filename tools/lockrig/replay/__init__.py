"""Replays on the command line: what `lockhil.replay` found, printed side by side."""
