# Runs under MicroPython: make_image.py IMAGE FOLDER. Formats the file IMAGE, which has its size,
# and copies the PC's FOLDER into it.

import os
import sys

import vfs
from disk import FileDisk


def copy(source, target):
    for entry in sorted(os.ilistdir(source)):
        a, b = source + "/" + entry[0], target + "/" + entry[0]
        if entry[1] & 0x4000:
            os.mkdir(b)
            copy(a, b)
        else:
            with open(a, "rb") as read, open(b, "wb") as written:
                written.write(read.read())


disk = FileDisk(sys.argv[1])
vfs.VfsLfs2.mkfs(disk)
vfs.mount(vfs.VfsLfs2(disk), "/made")
copy(sys.argv[2], "/made")
vfs.umount("/made")
