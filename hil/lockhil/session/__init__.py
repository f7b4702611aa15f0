"""The client's side of a sealed session: credentials, handshake, sealing, time tokens.

It shares no code with the firmware, so that each proves the other. docs/sessions.md has the
protocol.
"""
