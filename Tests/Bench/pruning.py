"""The disk that a store gives back when its old messages go."""

import os
import time
from collections.abc import Iterator

from bench import Bench
from figures import Pruning
from machine import until


def measure(bench: Bench) -> Iterator[Pruning]:
    """The first round comes about a minute after the start, so a quick run leaves it out."""
    if bench.quick:
        bench.not_run["pruning"] = "takes minutes"
        return
    count = 100_000
    with bench.store() as store:
        with bench.telling(f"a file with {count} settled 400 days ago"):
            bench.tool("fill", store=store, count=count, settled=True, days=400)
        before = os.path.getsize(store)
        with bench.telling("it is pruned"), bench.sandbox() as sandbox, \
                bench.bridge(store, sandbox) as bridge:
            bridge.start()
            began = time.monotonic()
            try:
                until("pruning begins", lambda: bridge.counts()["delivered"] < count, 120, every=0.5)
            except TimeoutError as error:
                bench.not_run["pruning"] = str(error)
                return
            until("pruning ends", lambda: bridge.counts()["delivered"] == 0, 600, every=0.5)
            took = time.monotonic() - began
            left = bridge.counts()["delivered"]
            bridge.program.stop()
        yield Pruning(bench.run, count, left, before / 2**20, os.path.getsize(store) / 2**20, took)
