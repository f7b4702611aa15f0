"""Reaching a unit over Bluetooth: bleak, on the machine's own adapter or on a radio of bumble's.

What stands behind the link's bytes is the same as on a cable; the air itself is `lockhil.radio`.
"""
