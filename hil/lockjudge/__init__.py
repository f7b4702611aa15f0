"""The judge: traces of what a lock unit showed, and the verdict on them.

It is the leaf that everything may trust. It imports the standard library alone, and nothing of the
firmware: the two share no constants, so that an error in one can't excuse itself in the other.
"""
