"""`python -m lockrig` is `lockrig`."""

from lockrig.main import main

main()
