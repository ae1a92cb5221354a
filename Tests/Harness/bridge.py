"""The daemon, from outside: its process, its ops face and, for who may, its store."""

import http.client
import json
import os
import sqlite3
import subprocess
from typing import Any

from calls import Refused, call
from machine import free_port, until
from program import Program
from sandbox import Sandbox

QUEUE = "3f6a0c1e-0000-4000-8000-000000000001"
TOKEN = "a-token-of-at-least-twenty-four-characters"

Settings = dict[str, Any]


class Bridge:
    def __init__(self, release: str, folder: str, store: str, sandbox: Sandbox, settings: Settings):
        self.store = store
        self.public, self.ops = free_port(), free_port()
        #: A program that it runs under.
        self.under: list[str] = []
        self.wal = f"{store}-wal"
        self.settings = f"{folder}/settings-{self.public}.yaml"
        self._executable = f"{release}/genesys-bridge"
        self._log = f"{folder}/bridge.log"
        self._program: Program | None = None
        self._all = self._standard(sandbox) | settings
        self._write()

    def set(self, key: str, value: Any) -> None:
        """Takes effect with the next start."""
        self._all[key] = value
        self._write()

    def _standard(self, sandbox: Sandbox) -> Settings:
        origin = f"http://127.0.0.1:{sandbox.port}"
        return {
            "listen.public": f"127.0.0.1:{self.public}", "listen.ops": f"127.0.0.1:{self.ops}",
            "genesys.loginURL": origin, "genesys.apiURL": origin, "genesys.clientID": "demo",
            "genesys.clientSecret": "demo-secret", "genesys.queueID": QUEUE,
            "shop.tokens": {"shop": {"secret": TOKEN, "scope": "write"}},
            # A message a conversation, so that each is found by its own marker.
            "conversation.followUps": "new",
            # What the searches prove is tried, not what is told of before anybody asks.
            "retry.lookUp": ["analytics", "attributes"],
            "store.path": self.store, "log.level": "notice"}

    def _write(self) -> None:
        tree: dict[str, Any] = {}
        for key, value in self._all.items():
            section, name = key.split(".")
            tree.setdefault(section, {})[name] = value
        with open(self.settings, "w") as file:
            json.dump(tree, file, indent=2)  # JSON is YAML

    # The process

    def check(self, *options: str) -> str:
        command = [self._executable, "check", "--config", self.settings, *options]
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=120, env={"PATH": os.environ["PATH"]})
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(command[1:])} ended {done.returncode}: {done.stderr or done.stdout}")
        return done.stdout

    def start(self, *under: str, every: float = 0.05) -> None:
        """Starts it, and returns when it accepts; asks every so many seconds."""
        self.launch(*under)
        until("the bridge is ready", self._gets_ready, every=every)

    def launch(self, *under: str) -> Program:
        """Starts it, under another program where one is named."""
        command = [*under, *self.under, self._executable, "serve", "--config", self.settings]
        self._program = Program(command, self._log)
        return self._program

    @property
    def program(self) -> Program:
        assert self._program, "it was not started"
        return self._program

    def _gets_ready(self) -> bool:
        if self.program.exit_code is not None:
            raise RuntimeError(f"the bridge ended {self.program.exit_code} before it was ready")
        return self.is_ready()

    def is_ready(self) -> bool:
        try:
            return bool(call(self.ops, "GET", "/readyz")["status"] == "ready")
        except (OSError, Refused):
            return False

    def kill(self) -> None:
        self.program.kill()

    def restart(self) -> None:
        self.kill()
        self.start()

    def end(self) -> None:
        if self._program and self._program.exit_code is None:
            self._program.kill()

    # What it says

    def log(self) -> str:
        with open(self._log) as file:
            return file.read()

    def status(self) -> dict[str, Any]:
        return dict(call(self.ops, "GET", "/outbox?limit=1"))

    def counts(self) -> dict[str, int]:
        return dict(self.status()["counts"])

    def is_closed(self) -> bool:
        return any(not one["open"] for one in self.status()["destinations"])

    def stops_creating(self) -> bool:
        """Whether the breaker of the creates is open."""
        return any("create" in one["stopped_calls"] for one in self.status()["destinations"])

    def is_stopped(self) -> bool:
        return any(one["stopped"] for one in self.status()["routes"])

    def entries(self, state: str = "") -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        path = "/outbox?limit=500" + (f"&state={state}" if state else "")
        while path:
            page = call(self.ops, "GET", path)
            found += page["entries"]
            path = page["next"]
        return found

    def changes(self) -> list[dict[str, Any]]:
        """Every change of the store from its first on, as the tail tells it."""
        last = self.status()["last_change"]
        connection = http.client.HTTPConnection("127.0.0.1", self.ops, timeout=30)
        found: list[dict[str, Any]] = []
        try:
            connection.request("GET", "/outbox/stream?after=0&format=ndjson")
            response = connection.getresponse()
            while not found or found[-1]["sequence"] < last:
                if line := response.readline().strip():
                    found.append(json.loads(line))
        finally:
            connection.close()
        return found

    def concerns(self) -> list[dict[str, Any]]:
        return list(call(self.ops, "GET", "/concerns")["concerns"])

    def thread(self, key: str, shop: str = "default") -> dict[str, Any]:
        """A thread as a supervisor sees it."""
        return dict(call(self.ops, "GET", f"/threads/{shop}/{key}"))

    # What a person does

    def order(self, key: str, verb: str, body: dict[str, Any] | None = None, shop: str = "default") -> dict[str, Any]:
        """Such as an answer, or `dismiss`."""
        return dict(call(self.ops, "POST", f"/threads/{shop}/{key}/{verb}", body or {}))

    def retry(self, entry: str) -> None:
        call(self.ops, "POST", f"/outbox/{entry}/retry", {"may_double": True})

    def discard(self, entry: str) -> None:
        call(self.ops, "POST", f"/outbox/{entry}/discard")

    def delivered(self, entry: str, conversation: str) -> None:
        call(self.ops, "POST", f"/outbox/{entry}/delivered", {"reference": conversation})

    # The file

    def copy_store(self, to: str) -> None:
        """A copy as a backup makes it, while the daemon runs."""
        source = sqlite3.connect(f"file:{self.store}?mode=ro", uri=True, timeout=30)
        target = sqlite3.connect(to)
        try:
            source.backup(target)
        finally:
            target.close()
            source.close()

    def damage(self) -> str | None:
        """What SQLite finds wrong in the file of an ended daemon."""
        connection = sqlite3.connect(f"file:{self.store}?mode=ro", uri=True)
        try:
            found = connection.execute("PRAGMA integrity_check").fetchall()
        finally:
            connection.close()
        return None if found == [("ok",)] else str(found[:3])
