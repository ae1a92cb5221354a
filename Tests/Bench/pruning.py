"""The disk that a store gives back when its old messages go."""

import os
import sqlite3
import time
from collections.abc import Iterator

from bench import Bench
from figures import Pruning
from machine import until


def measure(bench: Bench) -> Iterator[Pruning]:
    """Once, because sizes do not waver, and not in a quick run, because it takes many minutes."""
    if bench.quick:
        bench.not_run["pruning"] = "takes many minutes"
    if "pruning" in bench.not_run or bench.run > 1:
        return
    yield prune(bench, 100_000)


def prune(bench: Bench, count: int) -> Pruning:
    with bench.store() as store:
        with bench.telling(f"a file with {count} settled 400 days ago"):
            bench.tool("fill", store=store, count=count, settled=True, days=400)
        before = os.path.getsize(store)
        with bench.telling("it is pruned"), bench.sandbox() as sandbox, \
                bench.bridge(store, sandbox) as bridge:
            bridge.start()
            began = time.monotonic()
            # The one with the newest change is kept.
            until("the old ones are gone", lambda: bridge.counts()["delivered"] <= 1, 3600, every=1)
            until_given_back(store)
            took = time.monotonic() - began
            bridge.program.stop()
        return Pruning(bench.run, count, before / 2**20, os.path.getsize(store) / 2**20, took)


def until_given_back(store: str) -> None:
    """Waits until no more is free than is kept for what comes next."""
    connection = sqlite3.connect(f"file:{store}?mode=ro", uri=True)

    def number(pragma: str) -> int:
        return int(connection.execute(f"PRAGMA {pragma}").fetchone()[0])

    def is_given_back() -> bool:
        return number("freelist_count") <= max(1000, number("page_count") // 10)

    try:
        until("the free pages are given back", is_given_back, 600, every=1)
    finally:
        connection.close()
