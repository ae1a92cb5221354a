"""One process of ours."""

import os
import subprocess


class Program:
    """A program that runs in the background and writes its log to a file."""

    def __init__(self, command: list[str], log: str):
        with open(log, "ab") as output:
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                env={"PATH": os.environ["PATH"]})

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """`None` while it runs, negative after a signal."""
        return self._process.poll()

    def wait(self, seconds: float = 60) -> int:
        return self._process.wait(seconds)

    def terminate(self) -> None:
        self._process.terminate()

    def kill(self) -> None:
        """As a power cut would end it, but for what the kernel has in hand."""
        self._process.kill()
        self._process.wait()

    def stop(self, seconds: float = 60) -> int:
        """Asks it to end, and returns its exit code."""
        self._process.terminate()
        return self._process.wait(seconds)
