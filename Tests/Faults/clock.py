"""A clock for the daemon alone."""

import os

from machine import faketime_library


class Clock:
    """The wall clock of one process, set through a file; its monotonic clock goes on as it is."""

    def __init__(self, folder: str):
        self._file = f"{folder}/clock"
        self.set(0)
        self.environment = {
            "LD_PRELOAD": faketime_library() or "", "FAKETIME_TIMESTAMP_FILE": self._file,
            "FAKETIME_NO_CACHE": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1", "FAKETIME_DONT_RESET": "1"}

    def set(self, hours: int) -> None:
        """So many hours ahead of the machine's clock, or behind it."""
        with open(f"{self._file}.new", "w") as file:
            file.write(f"{hours:+d}h\n")
        os.rename(f"{self._file}.new", self._file)
