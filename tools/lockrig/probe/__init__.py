"""`lockrig probe`: whether a bench is wired as it should be."""
