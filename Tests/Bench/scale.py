"""The same daemon with more and more in its file."""

import os
import shutil
import sqlite3
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
        raise RuntimeError(
            f"{bench.folder} has {free >> 20} MiB free, and {needed >> 20} are needed: try --folder")
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
            start = statistics.median(restart(bridge) for _ in range(3))
            if is_settled:
                until_pruned(bench, store)
            first = first_change(store)
            took = bench.load(bridge.public, more, CONNECTIONS, first=size)["seconds"]
            pruned = first_change(store) - first
            page = median_call(lambda: call(bridge.ops, "GET", "/outbox"))
            search = median_call(lambda: call(bridge.ops, "GET", f"/outbox?q=order:{size + more // 2}"))
            resident, wal = peak_memory(bridge.program.pid), os.path.getsize(bridge.wal) / 2**20
            bridge.program.stop()
        with bench.telling(f"delivery, {creates} of them"):
            per_second, body, peak = deliver(bench, store, creates, is_settled)
    with bench.telling(f"the transport alone, {creates} creates"):
        alone = delivery.through_transport(bench, body, creates)
    with bench.store(copy_of=filled) as store:
        with bench.telling(f"bare SQLite, {more} more than {size} {kind}"):
            bare = bench.tool("bare", store=store, count=more, first=size)["seconds"]
    return Scale(
        bench.run, 0 if is_settled else size, size if is_settled else 0, pruned, start,
        more / took, more / bare, per_second, alone, max(resident, peak), page, search, wal)


def restart(bridge: Bridge) -> float:
    """Milliseconds to READY."""
    bridge.end()
    began = time.monotonic()
    bridge.start(every=0.001)
    return (time.monotonic() - began) * 1000


def deliver(bench: Bench, store: str, count: int, is_settled: bool) -> tuple[float, str, float]:
    """Creates a second, the body of one, and the most MiB that the daemon has had resident."""
    with bench.sandbox(is_started=not is_settled) as sandbox, bench.bridge(store, sandbox) as bridge:
        bridge.start()
        if is_settled:
            # Before there is something to deliver to, or all would be gone when pruning begins.
            until_pruned(bench, store)
            sandbox.start()
            sandbox.limit(0)
        until("the creates come", lambda: sandbox.calls() > count + count // 10, 300, every=0.05)
        peak = peak_memory(bridge.program.pid)
        bridge.kill()
        creates = journal.creates(sandbox)[:count]
    return journal.per_second(creates), str(creates[0]["requestBody"]), peak


def until_pruned(bench: Bench, store: str) -> None:
    """Waits until the first changes go; a quick run does not, and none does again if they never went."""
    if bench.quick or "pruning" in bench.not_run:
        return
    first = first_change(store)
    try:
        until("pruning begins", lambda: first_change(store) > first, 120, every=0.25)
    except TimeoutError as error:
        bench.not_run["pruning"] = str(error)


def first_change(store: str) -> int:
    """The oldest that is kept."""
    connection = sqlite3.connect(f"file:{store}?mode=ro", uri=True)
    try:
        found = connection.execute("SELECT coalesce(min(sequence), 0) FROM change").fetchone()
        return int(found[0])
    finally:
        connection.close()


def median_call(ask: Callable[[], object]) -> float:
    """Milliseconds."""
    times = []
    for _ in range(20):
        began = time.monotonic()
        ask()
        times.append((time.monotonic() - began) * 1000)
    return statistics.median(times)
