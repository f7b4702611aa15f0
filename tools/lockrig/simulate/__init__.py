"""`lockrig simulate`: lives of batteries in locks, years in seconds."""
