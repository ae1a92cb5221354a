"""Strikes a running daemon at one of its system calls, from outside."""

import subprocess

from bridge import Bridge

# The calls by which SQLite, and libcurl, take a step.
WRITE, SYNC, SEND = "pwrite64", "fdatasync", "sendto"
KILL, EIO = "signal=KILL", "error=EIO"


class Strike:
    """A tracer on the daemon that acts on the n-th such call of a thread, of those on that file only.

    The tracer never filters by seccomp: it would pass by the calls of threads that run already.
    """

    def __init__(self, bridge: Bridge, syscall: str, action: str, file: str | None = None, nth: int = 1):
        self._bridge = bridge
        command = ["strace", "-f", "-p", str(bridge.program.pid), *tracing(syscall, action, file, nth=nth)]
        self._tracer = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        assert self._tracer.stderr
        while "attached" not in (line := self._tracer.stderr.readline()):
            if not line:
                raise RuntimeError("strace ended before it was attached")

    def wait(self, seconds: float = 60) -> int:
        """Returns the daemon's exit code once it has ended of it."""
        try:
            return self._bridge.program.wait(seconds)
        finally:
            self.end()

    def end(self) -> None:
        self._tracer.terminate()
        self._tracer.communicate()


def tracing(syscall: str, action: str, *files: str | None, nth: int = 1) -> list[str]:
    """The options that make strace act on the n-th call."""
    paths = [option for file in files if file for option in ("-P", file)]
    return ["-o", "/dev/null", *paths, "-e", f"trace={syscall}", "-e", f"inject={syscall}:{action}:when={nth}"]
