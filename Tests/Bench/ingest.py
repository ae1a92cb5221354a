"""Durable posts: the bridge, the same intake with a store that keeps nothing, bare SQLite, and the peers."""

from collections.abc import Iterator

import peers
from bench import SECRET, Bench
from calls import Refused, call
from figures import Ingest
from loaded import loaded
from machine import free_port, until
from program import Program

#: Bytes and connections.
SHAPES = [(1024, 16), (1024, 64), (1024, 256), (10_240, 64)]


def measure(bench: Bench) -> Iterator[Ingest]:
    for bytes, connections in SHAPES:
        count = bench.count(200_000 if bytes == 1024 else 20_000, 4000 if bytes == 1024 else 1000)
        what = f"{bytes // 1024} KiB over {connections} connections"
        with bench.telling(f"bridge, {what}"):
            bridge = through_bridge(bench, bytes, connections, count)
        yield bridge
        with bench.telling(f"store that keeps nothing, {what}"):
            null = through_nothing(bench, bytes, connections, count)
        yield null
        with bench.telling(f"bare SQLite, {what}"):
            bare = through_sqlite(bench, bytes, connections, count)
        yield bare
        if (bytes, connections) == (1024, 64):
            with bench.telling("bridge at half of that rate"):
                half = at_rate(bench, bridge.per_second / 2)
            yield half
    yield from peers.measure(bench)


def through_bridge(bench: Bench, bytes: int, connections: int, count: int) -> Ingest:
    with bench.store() as store, bench.bridge(store) as bridge:
        bridge.start()
        return loaded(
            bench, "bridge", lambda: [bridge.program.pid], bytes, connections, count,
            lambda: bench.load(bridge.public, count, connections, bytes=bytes))


def through_nothing(bench: Bench, bytes: int, connections: int, count: int) -> Ingest:
    port = free_port()
    program = Program(
        bench.command("keep-nothing", port=port, secret=SECRET), f"{bench.folder}/keep-nothing.log")
    try:
        until("the intake that keeps nothing answers", lambda: answers(port))
        return loaded(
            bench, "null", lambda: [program.pid], bytes, connections, count,
            lambda: bench.load(port, count, connections, bytes=bytes))
    finally:
        program.kill()


def through_sqlite(bench: Bench, bytes: int, connections: int, count: int) -> Ingest:
    with bench.store() as store:
        figures = bench.tool("bare", store=store, bytes=bytes, count=count)
    return Ingest(
        bench.run, "bare", bytes, connections, count, count / figures["seconds"],
        cpu=figures["cpu"] * 1e6 / count, written=figures["written"] / count)


def at_rate(bench: Bench, rate: float) -> Ingest:
    count = int(rate * bench.count(10, 1))
    with bench.store() as store, bench.bridge(store) as bridge:
        bridge.start()
        return loaded(
            bench, "open", lambda: [bridge.program.pid], 1024, 64, count,
            lambda: bench.load(bridge.public, count, 64, bytes=1024, rate=rate))


def answers(port: int) -> bool:
    try:
        call(port, "GET", "/healthz")
    except Refused:
        pass
    except OSError:
        return False
    return True
