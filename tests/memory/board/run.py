# Runs under MicroPython's unix port: run.py MODULE LIB NUMBER... What `run.mjs` does under node.

import gc
import sys

_name, _lib = sys.argv[1:3]
sys.path[:] = [sys.path[0], _lib]
_module = __import__(_name)
_module.begin(*[int(number) for number in sys.argv[3:]])
gc.collect()
while _module.tick():
    gc.collect()
