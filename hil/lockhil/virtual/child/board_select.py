# Runs under MicroPython. `select` whose waiting lets the simulated world's time pass. It polls
# objects that answer `ioctl`, as drivers register them; files of the PC go to the real one.

import select as _real

import board_time
import bus

POLLIN, POLLOUT, POLLERR, POLLHUP = 1, 4, 8, 16
_POLL = 3


class poll:  # the name is the port's
    def __init__(self):
        self._objects = []
        self._files = None

    def register(self, obj, eventmask=POLLIN | POLLOUT):
        if hasattr(obj, "ioctl"):
            self.unregister(obj)
            self._objects.append((obj, eventmask))
        else:
            self._files = self._files or _real.poll()
            self._files.register(obj, eventmask)

    def unregister(self, obj):
        if self._files is not None and not hasattr(obj, "ioctl"):
            self._files.unregister(obj)
        self._objects = [pair for pair in self._objects if pair[0] is not obj]

    modify = register

    def poll(self, timeout=-1):
        if self._files is not None:
            return self._files.poll(timeout)
        until = board_time.ticks_add(board_time.ticks_ms(), timeout) if timeout > 0 else 0
        left, over = timeout, False
        while True:
            ready = []
            for obj, mask in self._objects:
                flags = obj.ioctl(_POLL, mask)
                if flags:
                    ready.append((obj, flags))
            if ready or over:
                return ready
            over = bus.wait(left)
            if left > 0:
                left = max(0, board_time.ticks_diff(until, board_time.ticks_ms()))

    def ipoll(self, timeout=-1, flags=0):
        return iter(self.poll(timeout))
