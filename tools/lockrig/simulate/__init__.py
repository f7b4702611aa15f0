"""`lockrig simulate`: what comes out of many simulated units."""
