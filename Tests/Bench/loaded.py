"""A load, and what it costs those who take it in."""

from collections.abc import Callable
from typing import Any

from bench import Bench
from cost import cost
from figures import Ingest


def loaded(
    bench: Bench, side: str, pids: Callable[[], list[int]], bytes: int, connections: int, count: int,
    load: Callable[[], dict[str, Any]]
) -> Ingest:
    """What the load itself has seen, and the cost of the processes meanwhile."""
    before = cost(pids())
    figures = load()
    spent = cost(pids()) - before
    return Ingest(
        bench.run, side, bytes, connections, count, count / figures["seconds"],
        figures.get("p50"), figures.get("p99"), figures.get("p999"),
        spent.cpu * 1e6 / count, spent.written / count)
