"""The rows of an accept as the bridge writes them, in a file with the bridge's own tables and indexes."""

import random
import sqlite3
import time
from typing import Any, NamedTuple

FIND_SHOP = "SELECT id FROM shop WHERE name = ?"
INSERT_SHOP = "INSERT INTO shop (name) VALUES (?)"
FIND_ROUTE = "SELECT id FROM route WHERE destination = ? AND name = ?"
INSERT_ROUTE = "INSERT INTO route (destination, name, reached) VALUES (?, ?, 0)"
FIND_KEY = """
    SELECT m.id, m.digest, t.key FROM message m CROSS JOIN thread t ON t.id = m.thread
    WHERE m.shop = ? AND m.key = ?
    """
FIND_THREAD = "SELECT id, awaiting FROM thread WHERE shop = ? AND key = ?"
INSERT_THREAD = "INSERT INTO thread (shop, key, awaiting, awaiting_since) VALUES (?, ?, ?, ?)"
SAVE_AWAITING = "UPDATE thread SET awaiting = ?, awaiting_since = ? WHERE id = ?"
INSERT_MESSAGE = "INSERT INTO message (id, thread, direction, shop, key, digest) VALUES (?, ?, ?, ?, ?, ?)"
INSERT_PAYLOAD = "INSERT INTO payload (message, body) VALUES (?, ?)"
FIND_LANE = "SELECT id, head, held FROM lane WHERE thread = ? AND destination = ? AND kind = 0"
INSERT_LANE = """
    INSERT INTO lane (thread, destination, kind, held, head, route, urgency, due_at)
    VALUES (?, ?, 0, 0, ?, ?, 0, ?)
    """
SAVE_LANE = "UPDATE lane SET head = ?, route = ?, urgency = 0, due_at = ? WHERE id = ?"
INSERT_ENTRY = """
    INSERT INTO entry (id, message, lane, route, position, state, urgency, due_at,
      reach_base, attempts, tries)
    VALUES (?, ?, ?, ?, ?, 0, 0, ?, 0, 0, 0)
    """
INSERT_CHANGE = "INSERT INTO change (entry, state, at) VALUES (?, 0, ?)"
COUNT_ENTRY = """
    INSERT INTO entry_count (route, state, n) VALUES (?, 0, 1) ON CONFLICT DO UPDATE SET n = n + 1
    """
COUNT_THREAD = """
    INSERT INTO thread_count (shop, awaiting, n) VALUES (?, ?, ?)
    ON CONFLICT DO UPDATE SET n = n + excluded.n
    """

SHOP, DESTINATION, ROUTE = "default", "genesys", "default"
DIRECTIONS = {"customer": 0, "staff": 1, "system": 2}
NOBODY = 0
#: Whose turn it is after a message; one of the system leaves it as it is.
AWAITING = {"customer": 1, "staff": 2}
DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"


class Conflict(Exception):
    """The key came before with another body."""


class Accepted(NamedTuple):
    id: str
    thread: str
    is_repeat: bool


class Store:
    """One connection, for the thread that has made it."""

    def __init__(self, path: str, schema: str):
        """The schema is a file of SQL, one statement after the other as `write_schema` has it."""
        self._database = sqlite3.connect(path, timeout=30, isolation_level=None)
        self._last = 0
        self._run = self._database.execute
        # In this order: the way pages are freed cannot be changed once there is a page.
        for pragma in (
                "auto_vacuum = INCREMENTAL", "journal_mode = WAL", "synchronous = FULL",
                "journal_size_limit = 67108864", "cache_size = -16000", "wal_autocheckpoint = 4000"):
            self._run(f"PRAGMA {pragma}")
        self._run("BEGIN IMMEDIATE")
        if not self._first("SELECT 1 FROM sqlite_master"):
            with open(schema) as file:
                for statement in file.read().split(";\n"):
                    self._run(statement)
        self._shop = self._named(FIND_SHOP, INSERT_SHOP, SHOP)
        self._route = self._named(FIND_ROUTE, INSERT_ROUTE, DESTINATION, ROUTE)
        self._run("COMMIT")

    def accept(self, thread: str, direction: str, payload: bytes, key: str, digest: bytes) -> Accepted:
        """Returns once it is on the disk."""
        self._run("BEGIN IMMEDIATE")
        try:
            accepted = self._accept(thread, direction, payload, key, digest)
            self._run("COMMIT")
            return accepted
        except BaseException:
            if self._database.in_transaction:
                self._run("ROLLBACK")
            raise

    def _accept(self, thread: str, direction: str, payload: bytes, key: str, digest: bytes) -> Accepted:
        if earlier := self._first(FIND_KEY, self._shop, key):
            if earlier[1] != digest:
                raise Conflict
            return Accepted(_text(earlier[0]), earlier[2], True)
        now = time.time_ns() // 1_000_000
        number = self._last = max(self._last + 1, now << 20 | random.getrandbits(20))
        thread_id = self._thread(thread, direction, now)
        self._run(INSERT_MESSAGE, (number, thread_id, DIRECTIONS[direction], self._shop, key, digest))
        self._run(INSERT_PAYLOAD, (number, payload))
        if direction == "customer":
            self._append(number, thread_id, now)
        return Accepted(_text(number), thread, False)

    def _thread(self, thread: str, direction: str, now: int) -> int:
        turn = AWAITING.get(direction)
        found = self._first(FIND_THREAD, self._shop, thread)
        if not found:
            first = turn or NOBODY
            self._run(COUNT_THREAD, (self._shop, first, 1))
            return self._insert(INSERT_THREAD, self._shop, thread, first, now)
        if turn is not None and turn != found[1]:
            self._run(COUNT_THREAD, (self._shop, found[1], -1))
            self._run(COUNT_THREAD, (self._shop, turn, 1))
            self._run(SAVE_AWAITING, (turn, now, found[0]))
        return int(found[0])

    def _append(self, number: int, thread: int, now: int) -> None:
        if not (found := self._first(FIND_LANE, thread, DESTINATION)):
            lane = self._insert(INSERT_LANE, thread, DESTINATION, number, self._route, now)
        else:
            lane, head, is_held = found
            if head is None:
                self._run(SAVE_LANE, (number, self._route, None if is_held else now, lane))
        self._run(INSERT_ENTRY, (number, number, lane, self._route, number, now))
        self._run(COUNT_ENTRY, (self._route,))
        self._run(INSERT_CHANGE, (number, now))

    def _named(self, find: str, insert: str, *names: str) -> int:
        found = self._first(find, *names)
        return int(found[0]) if found else self._insert(insert, *names)

    def _insert(self, statement: str, *values: int | str) -> int:
        return self._run(statement, values).lastrowid or 0

    def _first(self, statement: str, *values: int | str) -> tuple[Any, ...] | None:
        found: tuple[Any, ...] | None = self._run(statement, values).fetchone()
        return found


def _text(number: int) -> str:
    """As the bridge writes an id: thirteen characters of Crockford's base 32."""
    return "".join(DIGITS[number >> 5 * place & 31] for place in range(12, -1, -1))
