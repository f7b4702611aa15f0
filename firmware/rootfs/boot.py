# Runs at every start, before main.py. Empty on purpose: pins are inputs until the driver takes
# them, so LEDs, motor and load stay off.
