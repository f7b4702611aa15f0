"""Opens a production unit's console for one start."""
