"""The judge on the command line: it words a verdict, and draws none of its own."""
