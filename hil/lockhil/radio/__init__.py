"""The air between units and centrals."""
