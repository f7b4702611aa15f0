"""The command `lockrig`: a folder a user's task."""
