"""The limits of the push-button diagnostic, in milliseconds, all inclusive.

The judge's own numbers: the firmware has its own, tighter ones, and the two share nothing. They may
be tightened; loosening one changes what people open.
"""

# A button's contacts chatter: edges this close together are one press (or one release).
BOUNCE_MS = 50
# DIAG-2: green comes on "now".
GREEN_ON_MS = 1_000
# A green this short is a glitch, not the diagnostic's light.
GREEN_LENGTH_MS = 500
# DIAG-3.
GREEN_OFF_MS = 10_000
# DIAG-4: one or two brief blinks.
RED_SHORTEST_MS = 50
RED_LONGEST_MS = 1_000
RED_END_MS = 20_000
RED_MOST = 2
# "Within 20 s" might be meant from green-off: so every other light counts until 10 s + 20 s.
WINDOW_MS = 30_000

# A person taps this much too early or too late, at least.
PERSON_UNCERTAINTY_MS = 500
# Nobody sees and taps green sooner than this after tapping START and then pressing.
PERSON_SOONEST_MS = 500
# One finger's double tap.
TAP_BOUNCE_MS = 400
# The window, and what START and a slow end may be off by.
PERSON_WATCH_MS = 32_000
