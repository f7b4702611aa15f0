# Runs under MicroPython's unix port: run.py MODULE LIB N. What `run.mjs` does under node.

import gc
import sys

_name, _lib, _n = sys.argv[1:]
sys.path[:] = [sys.path[0], _lib]
_module = __import__(_name)
_module.begin(int(_n))
gc.collect()
while _module.tick():
    gc.collect()
