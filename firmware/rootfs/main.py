# Starts the firmware in the slot that boot.py chose. What ends it leaves a prompt that says why, so
# that somebody can look; on trial it starts again instead, until the trial is over.

import os
import sys

try:
    from lockboards.app import main

    main()
except Exception as error:  # which ctrl-C is not
    if "trial" not in os.listdir("/"):
        raise
    import time

    import machine

    sys.print_exception(error)
    time.sleep_ms(1_000)  # for who reads that
    machine.reset()
