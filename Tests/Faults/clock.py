"""A clock for the daemon alone."""

import os

from machine import faketime_library


class Clock:
    """The wall clock of one process, set through a file; its monotonic clock goes on as it is."""

    def __init__(self, folder: str):
        self._file = f"{folder}/clock"
        self.set(0)
        # The library adds to the environment where it is first loaded, and Swift then finds no arguments
        # beside it: so that is a program in between.
        self.command = [
            "env", f"LD_PRELOAD={faketime_library()}", f"FAKETIME_TIMESTAMP_FILE={self._file}",
            "FAKETIME_NO_CACHE=1", "FAKETIME_DONT_FAKE_MONOTONIC=1", "FAKETIME_DONT_RESET=1", "env"]

    def set(self, hours: int) -> None:
        """So many hours ahead of the machine's clock, or behind it."""
        with open(f"{self._file}.new", "w") as file:
            file.write(f"{hours:+d}h\n")
        os.rename(f"{self._file}.new", self._file)
