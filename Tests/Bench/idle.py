"""The daemon at its start, and when it has nothing to do."""

import os
import statistics
import subprocess
import time
from collections.abc import Iterator

from bench import Bench
from cost import cost, memory, switches
from figures import Idle


def measure(bench: Bench) -> Iterator[Idle]:
    seconds = bench.count(60, 5)
    with bench.telling("cold start"):
        start = statistics.median(cold_start(bench) for _ in range(5))
    binary, stripped = sizes(bench)
    with bench.store() as store, bench.sandbox() as sandbox, bench.bridge(store, sandbox) as bridge:
        with bench.telling(f"idle, {seconds} s"):
            bridge.start()
            time.sleep(bench.count(10, 3))
            pid = bridge.program.pid
            before, slept = cost([pid]), switches(pid)
            began = time.monotonic()
            time.sleep(seconds)
            took = time.monotonic() - began
            spent, slept = cost([pid]) - before, switches(pid) - slept
        yield Idle(
            bench.run, spent.cpu / took, slept * 60 / took, memory(pid), start, binary, stripped)


def cold_start(bench: Bench) -> float:
    """Milliseconds from exec to READY with no file yet."""
    with bench.store() as store, bench.sandbox() as sandbox, bench.bridge(store, sandbox) as bridge:
        began = time.monotonic()
        bridge.start(every=0.001)
        return (time.monotonic() - began) * 1000


def sizes(bench: Bench) -> tuple[float, float]:
    """Of the program as it is built, and without its symbols; in MB."""
    program, stripped = f"{bench.release}/genesys-bridge", f"{bench.folder}/stripped"
    subprocess.run(["strip", "-o", stripped, program], check=True)
    try:
        return os.path.getsize(program) / 1e6, os.path.getsize(stripped) / 1e6
    finally:
        os.remove(stripped)
