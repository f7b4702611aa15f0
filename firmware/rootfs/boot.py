# Runs at every start, before main.py. Pins stay inputs until the driver takes them, so LEDs, motor
# and load stay off.

import gc

# Modules stay for ever: tidied often, what is left over from loading one doesn't lie between them.
# Untidied, the firmware needs a quarter more of a board's memory.
gc.threshold(4_096)
