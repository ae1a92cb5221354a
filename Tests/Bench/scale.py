"""The same daemon with more and more in its file."""

import os
import shutil
import statistics
import time
from collections.abc import Callable, Iterator

import delivery
import journal
from bench import Bench
from bridge import Bridge
from calls import call
from cost import peak_memory
from figures import Scale
from machine import until

CONNECTIONS = 64
#: Of a message of 1 KiB in a file, with its rows and indexes.
BYTES = 2600


def measure(bench: Bench) -> Iterator[Scale]:
    most = bench.count(1_000_000, 10_000)
    sizes = [(0, False), (bench.count(10_000, 2000), False), (most, False), (most, True)]
    for size, is_settled in sizes:
        filled = fill(bench, size, is_settled)
        yield at_size(bench, filled, size, is_settled)


def fill(bench: Bench, size: int, is_settled: bool) -> str:
    """The path of a file with so many messages; it is made by the first who asks for it."""
    kind = "settled" if is_settled else "pending"
    path = f"{bench.folder}/{size}-{kind}.sqlite"
    if path in bench.filled:
        return path
    # Two files, two copies of one of them at a time, and what is added.
    needed, free = 4 * size * BYTES, shutil.disk_usage(bench.folder).free
    if free < needed:
        raise RuntimeError(f"{bench.folder} has {free >> 20} MiB free, of {needed >> 20} needed: try --folder")
    bench.filled.append(path)
    with bench.telling(f"a file with {size} {kind}"):
        if os.path.exists(path):
            return path
        options: dict[str, int | bool] = {"settled": True, "days": 100} if is_settled else {}
        # Under another name until it is whole.
        bench.tool("fill", store=f"{path}.part", count=size, **options)
        os.rename(f"{path}.part", path)
    return path


def at_size(bench: Bench, filled: str, size: int, is_settled: bool) -> Scale:
    more, creates = bench.count(20_000, 1000), bench.count(5000, 500)
    kind = "settled" if is_settled else "pending"
    with bench.store(copy_of=filled) as store, bench.bridge(store) as bridge:
        with bench.telling(f"bridge, {more} more than {size} {kind}"):
            began = time.monotonic()
            bridge.start(every=0.001)
            start = (time.monotonic() - began) * 1000
            before = until_pruning(bench, bridge) if is_settled else 0
            took = bench.load(bridge.public, more, CONNECTIONS, first=size)["seconds"]
            page = median_call(lambda: call(bridge.ops, "GET", "/outbox"))
            search = median_call(lambda: call(bridge.ops, "GET", f"/outbox?q=order:{size + more // 2}"))
            pruned = max(0, before - bridge.counts()["delivered"]) if is_settled else 0
            resident, wal = peak_memory(bridge.program.pid), os.path.getsize(bridge.wal) / 2**20
            bridge.program.stop()
        with bench.telling(f"delivery, {creates} of them"):
            per_second, body, peak = deliver(bench, store, creates)
            resident = max(resident, peak)
    with bench.telling(f"the transport alone, {creates} creates"):
        alone = delivery.through_transport(bench, body, creates)
    with bench.store(copy_of=filled) as store:
        with bench.telling(f"bare SQLite, {more} more than {size} {kind}"):
            bare = bench.tool("bare", store=store, count=more, first=size)["seconds"]
    return Scale(
        bench.run, 0 if is_settled else size, size if is_settled else 0, pruned, start,
        more / took, more / bare, per_second, alone, resident, page, search, wal)


def deliver(bench: Bench, store: str, count: int) -> tuple[float, str, float]:
    """Creates a second, the body of one, and the most MiB that the daemon has had resident."""
    with bench.sandbox() as sandbox, bench.bridge(store, sandbox) as bridge:
        bridge.start()
        # Each create is followed by the tag of its conversation.
        until("the creates come", lambda: sandbox.calls() >= 2 * count, 300, every=0.1)
        peak = peak_memory(bridge.program.pid)
        bridge.kill()
        creates = journal.creates(sandbox)[:count]
    return journal.per_second(creates), str(creates[0]["requestBody"]), peak


def until_pruning(bench: Bench, bridge: Bridge) -> int:
    """How many settled messages there were before the first ones went; waits for these in a full run."""
    before = bridge.counts()["delivered"]
    if not bench.quick and "pruning" not in bench.not_run:
        try:
            until("pruning begins", lambda: bridge.counts()["delivered"] < before, 120, every=0.25)
        except TimeoutError as error:
            bench.not_run["pruning"] = str(error)
    return before


def median_call(ask: Callable[[], object]) -> float:
    """Milliseconds."""
    times = []
    for _ in range(20):
        began = time.monotonic()
        ask()
        times.append((time.monotonic() - began) * 1000)
    return statistics.median(times)
