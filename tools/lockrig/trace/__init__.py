"""Traces for people and for other tools: shown, checked, exported, imported; never judged."""
