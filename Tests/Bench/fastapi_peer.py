"""The obvious alternative: a web framework and a database file, in an environment of its own."""

import os
import sqlite3
import subprocess
import sys

from calls import Refused, call
from machine import free_port, until
from processes import family
from program import Program

_PACKAGES = ["fastapi>=0.115", "uvicorn[standard]>=0.32"]
_APP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "peer_fastapi")


def write_schema(store: str, to: str) -> None:
    """Writes the statements that make a store of the bridge's, one after the other."""
    connection = sqlite3.connect(f"file:{store}?mode=ro", uri=True)
    try:
        found = connection.execute(
            "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY rowid")
        with open(to, "w") as file:
            file.writelines(f"{sql};\n" for sql, in found)
    finally:
        connection.close()


class FastAPIPeer:
    #: One was faster than two: see the app.
    WORKERS = 1

    def __init__(self, folder: str, schema: str, secret: str, build: str = ".build"):
        """The folder gets the store and the log; the secret begins with `whsec_`."""
        self.store, self.port = f"{folder}/peer.sqlite", free_port()
        self._log = f"{folder}/peer.log"
        self._python = f"{os.path.abspath(build)}/bench-venv/bin/python"
        self._environment = {"PEER_STORE": self.store, "PEER_SCHEMA": schema, "PEER_SECRET": secret}
        self._program: Program | None = None

    def start(self) -> None:
        self._install()
        settings = [f"{name}={value}" for name, value in self._environment.items()]
        self._program = Program(
            ["env", "PYTHONDONTWRITEBYTECODE=1", *settings, self._python, "-m", "uvicorn", "app:app",
             "--app-dir", _APP, "--port", str(self.port), "--workers", str(self.WORKERS), "--loop", "uvloop",
             "--http", "httptools", "--no-access-log", "--log-level", "warning"], self._log)
        until("the peer answers", self._answers, 30)

    def _install(self) -> None:
        """Makes the environment; where that was cut short, there is no uvicorn in it yet."""
        folder = os.path.dirname(self._python)
        if os.path.exists(f"{folder}/uvicorn"):
            return
        subprocess.run([sys.executable, "-m", "venv", os.path.dirname(folder)], check=True)
        subprocess.run(
            [self._python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *_PACKAGES],
            check=True)

    def _answers(self) -> bool:
        if self._running.exit_code is not None:
            raise RuntimeError(f"the peer ended {self._running.exit_code}; what it said is in {self._log}")
        try:
            call(self.port, "GET", "/openapi.json")
            return True
        except (OSError, Refused):
            return False

    @property
    def _running(self) -> Program:
        assert self._program, "it was not started"
        return self._program

    def pids(self) -> list[int]:
        return family(self._running.pid)

    def end(self) -> None:
        if self._program and self._program.exit_code is None:
            self._program.stop()
