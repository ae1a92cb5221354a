"""A disk of little room."""

import os
import subprocess


class Disk:
    """A file system of limited size in memory, with ballast to fill it."""

    SIZE = 64 << 20

    def __init__(self, folder: str):
        self.folder = f"{folder}/disk"
        os.mkdir(self.folder)
        subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={self.SIZE}", "tmpfs", self.folder], check=True)

    @property
    def free(self) -> int:
        room = os.statvfs(self.folder)
        return room.f_bavail * room.f_frsize

    def fill(self, leave: int) -> None:
        """Takes all room but so many bytes."""
        with open(f"{self.folder}/ballast", "wb") as ballast:
            os.posix_fallocate(ballast.fileno(), 0, max(1, self.free - leave))

    def empty(self) -> None:
        os.remove(f"{self.folder}/ballast")

    def remove(self) -> None:
        subprocess.run(["umount", "--lazy", self.folder], check=False)
