# Starts the instrument. What ends it is printed, and it starts again: a bench mustn't stay deaf.
# Only ctrl-C on the console leads to a prompt.

import sys

sys.path.insert(0, "/probe")
try:
    from lockprobe.app import main

    main()
except Exception as error:
    import time

    import machine

    sys.print_exception(error)
    time.sleep_ms(2_000)  # for who reads that
    machine.reset()
