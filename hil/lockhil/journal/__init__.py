"""A unit's journal from outside: read over its link, decoded, and checked against its key.

It only reads and acknowledges; what a record means for anybody is the command's to say.
"""
