"""Ports that come and go: pseudo-terminals behind a link, as a by-id path is one."""

import os
import pty
import tty
from pathlib import Path


class Pty:
    """One plugged-in device."""

    def __init__(self) -> None:
        self.master, self._slave = pty.openpty()
        tty.setraw(self._slave)
        self.device = os.ttyname(self._slave)

    def unplug(self) -> None:
        """Whoever has it open loses it."""
        os.close(self.master)
        os.close(self._slave)

    def say(self, data: bytes) -> None:
        os.write(self.master, data)


def point(link: Path, device: str) -> None:
    """Let the link lead to this device."""
    beside = link.with_suffix(".new")
    beside.symlink_to(device)
    beside.replace(link)
