"""What this machine gives: ports, and the rights that some faults need."""

import functools
import glob
import itertools
import os
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable

_ports = itertools.count(21_000)
_lock = threading.Lock()


def free_port() -> int:
    """A port that nobody listens on, below those that the kernel gives to outgoing connections."""
    with _lock:
        for port in _ports:
            with socket.socket() as listener:
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    listener.bind(("127.0.0.1", port))
                    return port
                except OSError:
                    continue
    raise AssertionError("there is always a next port")


def until(what: str, holds: Callable[[], bool], seconds: float = 60, every: float = 0.05) -> None:
    """Waits until it holds; raises `TimeoutError` naming what was waited for."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            raise TimeoutError(f"{what}: not within {seconds:.0f} s")
        time.sleep(every)


@functools.cache
def lacks_trace() -> str | None:
    """Why a running process cannot be traced; `None` where it can."""
    if shutil.which("strace") is None:
        return "strace is missing"
    sleeper = subprocess.Popen(["sleep", "5"])
    try:
        command = ["timeout", "-s", "INT", "1", "strace", "-p", str(sleeper.pid)]
        done = subprocess.run(command, capture_output=True, text=True)
        return None if "attached" in done.stderr else "ptrace is not permitted"
    finally:
        sleeper.kill()
        sleeper.wait()


@functools.cache
def lacks_mount() -> str | None:
    """Why no file system of limited size can be mounted; `None` where it can."""
    return None if os.geteuid() == 0 else "needs root"


@functools.cache
def faketime_library() -> str | None:
    """The library that gives a process another clock."""
    found = glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")
    return found[0] if found else None


@functools.cache
def lacks_clock() -> str | None:
    return None if faketime_library() else "faketime is missing"
