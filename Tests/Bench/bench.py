"""Where a run takes place: its programs, its folder, and what has to be ended when it is over."""

import contextlib
import glob
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

from bridge import Bridge, Settings
from sandbox import Sandbox

SECRET = "whsec_" + "A" * 43 + "="

#: Nothing that would slow the bridge on purpose.
SETTINGS: Settings = {
    "shop.secrets": [SECRET], "genesys.requestsPerMinute": 1_000_000, "intake.maxPending": 100_000_000}


class Bench:
    def __init__(self, release: str, folder: str, quick: bool):
        self.release, self.quick = os.path.abspath(release), quick
        self.folder = os.path.abspath(folder)
        self.run = 0
        #: Why something cannot be measured on this machine.
        self.not_run: dict[str, str] = {}
        #: Files that are copied by several measurements.
        self.filled: list[str] = []
        os.makedirs(self.folder, exist_ok=True)
        for log in glob.glob(f"{self.folder}/*.log"):
            os.remove(log)

    def count(self, full: int, quick: int) -> int:
        return quick if self.quick else full

    # Programs

    @contextlib.contextmanager
    def sandbox(self, is_started: bool = True) -> Iterator[Sandbox]:
        """One without limits, unless these are still to be lifted because it is to be started later."""
        sandbox = Sandbox(self.release, self.folder)
        try:
            if is_started:
                sandbox.start()
                sandbox.limit(0)
            yield sandbox
        finally:
            sandbox.end()

    @contextlib.contextmanager
    def bridge(
        self, store: str, sandbox: Sandbox | None = None, settings: Settings | None = None
    ) -> Iterator[Bridge]:
        """A daemon that is not started yet; without a sandbox Genesys cannot be reached."""
        there = sandbox or Sandbox(self.release, self.folder)
        bridge = Bridge(self.release, self.folder, store, there, SETTINGS | (settings or {}))
        try:
            yield bridge
        finally:
            bridge.end()
            os.remove(bridge.settings)

    def tool(self, name: str, **options: str | float | bool) -> dict[str, Any]:
        """What a measurement of `genesys-bench` prints."""
        done = subprocess.run(self.command(name, **options), stdout=subprocess.PIPE, text=True, check=True)
        return dict(json.loads(done.stdout)) if done.stdout else {}

    def command(self, name: str, **options: str | float | bool) -> list[str]:
        command = [f"{self.release}/genesys-bench", name]
        for key, value in options.items():
            command += [f"--{key}"] if value is True else [f"--{key}", str(value)]
        return command

    def load(self, port: int, count: int, connections: int, **options: str | float) -> dict[str, Any]:
        """Posts messages; raises unless each was answered 202."""
        figures = self.tool(
            "load", port=port, secret=SECRET, count=count, connections=connections, **options)
        if figures["statuses"] != {"202": count}:
            raise RuntimeError(f"not every post was answered 202: {figures['statuses']}")
        return figures

    # Files

    @contextlib.contextmanager
    def store(self, copy_of: str = "") -> Iterator[str]:
        """The path of a file that is there for this long only."""
        folder = f"{self.folder}/store-{time.monotonic_ns()}"
        os.mkdir(folder)
        try:
            path = f"{folder}/outbox.sqlite"
            if copy_of:
                subprocess.run(["cp", "--reflink=auto", copy_of, path], check=True)
                # What the copy has left to the kernel would be written while the next is measured.
                subprocess.run(["sync", path], check=True)
            yield path
        finally:
            shutil.rmtree(folder)

    # Telling

    @contextlib.contextmanager
    def telling(self, what: str) -> Iterator[None]:
        """Says what is measured, and how long it took."""
        start = time.monotonic()
        print(f"  {what} …", end="", file=sys.stderr, flush=True)
        try:
            yield
        except BaseException:
            print(" no", file=sys.stderr, flush=True)
            raise
        print(f" {time.monotonic() - start:.1f} s", file=sys.stderr, flush=True)
