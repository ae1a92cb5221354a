"""A store as the first release left it: the tables of its one migration, and messages that wait."""

import json
import os
import sqlite3
import time

_DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"
_SCHEMA = os.path.join(os.path.dirname(__file__), "first-schema.sql")


def make_old_store(path: str, count: int) -> list[str]:
    """Makes the file, and returns the ids of its messages, which have the numbers from 0 on."""
    now = int(time.time() * 1000)
    numbers = [(now << 20) + number for number in range(count)]
    database = sqlite3.connect(path)
    database.execute("PRAGMA auto_vacuum = INCREMENTAL")
    database.execute("PRAGMA journal_mode = WAL")
    with open(_SCHEMA) as schema:
        database.executescript(schema.read())
    with database:
        database.execute("INSERT INTO grdb_migrations VALUES ('1 outbox')")
        database.execute("INSERT INTO shop VALUES (1, 'default')")
        database.execute("INSERT INTO route VALUES (1, 'genesys', 'default', 0)")
        database.execute("INSERT INTO entry_count VALUES (1, 0, ?)", (count,))
        database.execute("INSERT INTO thread_count VALUES (1, 1, ?)", (count,))
        for number, id in enumerate(numbers):
            lane = number + 1
            database.execute("INSERT INTO thread VALUES (?, 1, ?, 1, ?)", (lane, f"old-{number}", now))
            database.execute(
                "INSERT INTO lane VALUES (?, ?, 'genesys', 0, 0, ?, 1, 0, ?)", (lane, lane, id, now))
            database.execute("INSERT INTO message VALUES (?, ?, 0)", (id, lane))
            database.execute("INSERT INTO payload VALUES (?, ?)", (id, _payload(number)))
            database.execute(
                "INSERT INTO entry VALUES (?, ?, ?, 1, ?, 0, 0, ?, 0, 0, 0, NULL, NULL, NULL)",
                (id, id, lane, id, now))
            database.execute("INSERT INTO change VALUES (?, ?, 0, ?, NULL, NULL)", (number + 1, id, now))
    database.close()
    return [_text(id) for id in numbers]


def _payload(number: int) -> bytes:
    return json.dumps({
        "message": {"body": "Where is it?", "body_type": "text", "direction": "customer"},
        "customer": {"email": "customer@example.com"}, "conversation": {"key": f"old-{number}"},
        "attributes": {"number": str(number)}}).encode()


def _text(number: int) -> str:
    return "".join(_DIGITS[number >> 5 * place & 31] for place in range(12, -1, -1))
