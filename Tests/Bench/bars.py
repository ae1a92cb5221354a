"""What the figures have to come to. Each ratio is of one run; the median of the runs is judged."""

import dataclasses
import statistics
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from figures import Figures, Ingest, Scale

T = TypeVar("T")


@dataclasses.dataclass
class Row:
    what: str
    figure: str
    #: The limit or the peer.
    against: str = ""
    ratio: str = ""
    bar: str = ""
    #: `None` where there is no bar.
    is_met: bool | None = None
    not_run: str = ""


def judge(figures: Figures) -> list[Row]:
    """One row for each bar, and some for what has none."""
    parts = [_ingest, _delivery, _latency, _scale, _pruning, _quota, _idle, _showing]
    return [row for part in parts for row in part(figures)]


def _bar(what: str, figure: str, against: str, ratio: float, bar: float, at_most: bool = False) -> Row:
    met = ratio <= bar if at_most else ratio >= bar
    return Row(what, figure, against, f"{ratio:.2f}", f"{'≤' if at_most else '≥'} {bar:g}", met)


def _median(values: Iterable[float]) -> float:
    return statistics.median(values)


# Ingest


def _ingest(figures: Figures) -> Iterator[Row]:
    shapes = dict.fromkeys((one.bytes, one.connections) for one in figures.ingest if one.side == "bridge")
    for bytes, connections in shapes:
        here = [one for one in figures.ingest if (one.bytes, one.connections) == (bytes, connections)]
        yield from _shape(f"{bytes // 1024} KiB, {connections} connections", here, bytes, connections)
    if any(one.side == "open" for one in figures.ingest):
        half = [one for one in figures.ingest if one.side == "open"]
        yield Row(
            "1 KiB, 64 connections, at half of that rate",
            f"{_of(half, 'per_second'):.0f}/s, {_times(half)}")
    if "postfix" in figures.not_run and shapes:
        yield Row("the same by Postfix", "", not_run=figures.not_run["postfix"])


def _shape(name: str, here: list[Ingest], bytes: int, connections: int) -> Iterator[Row]:
    sides = {one.side: [other for other in here if other.side == one.side] for one in here}
    bridge, bare, null = (sides.get(side, []) for side in ("bridge", "bare", "null"))
    has_bars = bytes == 1024 and connections in (64, 256)
    rate = f"{_of(bridge, 'per_second'):.0f}/s"
    ratio = _ratio(bridge, bare, lambda one, other: one.per_second / other.per_second)
    against = f"bare SQLite {_of(bare, 'per_second'):.0f}/s"
    throughput = _bar(f"ingest, {name}", rate, against, ratio, 0.6)
    yield throughput if has_bars else _without_bar(throughput)
    yield Row(
        f"times, {name}", _times(bridge),
        f"nothing kept {_of(null, 'per_second'):.0f}/s, {_times(null)}")
    yield Row(
        f"written a message, {name}", f"{_of(bridge, 'written') / 1024:.1f} KiB",
        f"bare SQLite {_of(bare, 'written') / 1024:.1f} KiB")
    if not has_bars:
        return
    costs = [_costs(one, null, bare) for one in bridge]
    yield Row(
        f"CPU a message, {name}", f"{_of(bridge, 'cpu'):.0f} µs",
        f"nothing kept {_of(null, 'cpu'):.0f} µs + 2.5 × bare {_of(bare, 'cpu'):.0f} µs",
        f"{_median(costs):.2f}", "≤ 1", _median(costs) <= 1)
    spread = _median((one.p99 or 0) / (one.p50 or 1) for one in bridge)
    yield _bar(
        f"p99, {name}", f"{_of(bridge, 'p99') / 1000:.1f} ms",
        f"its p50 {_of(bridge, 'p50') / 1000:.1f} ms", spread, 3, at_most=True)
    for side, title in ("fastapi", "FastAPI"), ("postfix", "Postfix"):
        if peer := sides.get(side):
            ratio = _ratio(bridge, peer, lambda one, other: one.per_second / other.per_second)
            against = f"{title} {_of(peer, 'per_second'):.0f}/s"
            yield _bar(f"ingest, {name}", rate, against, ratio, 5)


def _costs(one: Ingest, null: list[Ingest], bare: list[Ingest]) -> float:
    """The part of its allowance that the bridge has used in its run."""
    allowed = sum(other.cpu or 0 for other in null if other.run == one.run)
    allowed += 2.5 * sum(other.cpu or 0 for other in bare if other.run == one.run)
    return (one.cpu or 0) / allowed


def _of(sides: list[Any], name: str) -> float:
    return _median(getattr(one, name) or 0 for one in sides)


def _times(sides: list[Ingest]) -> str:
    return "p50 {:.1f}, p99 {:.1f}, p99.9 {:.1f} ms".format(
        *(_of(sides, name) / 1000 for name in ("p50", "p99", "p999")))


def _ratio(some: list[T], others: list[T], compare: Callable[[T, T], float]) -> float:
    """The median of the ratios within each run."""
    return _median(
        compare(one, other) for one in some for other in others
        if getattr(one, "run") == getattr(other, "run"))


def _without_bar(row: Row) -> Row:
    return dataclasses.replace(row, bar="", is_met=None)


# Delivery


def _delivery(figures: Figures) -> Iterator[Row]:
    if there := figures.delivery:
        yield _bar(
            f"delivery of {there[0].count}", f"{_of(there, 'bridge'):.0f}/s",
            f"the transport alone {_of(there, 'transport'):.0f}/s",
            _median(one.bridge / one.transport for one in there), 0.5)


def _latency(figures: Figures) -> Iterator[Row]:
    if idle := [one for one in figures.latency if not one.is_loaded]:
        yield _bar(
            "post to create, idle, p50", f"{_of(idle, 'p50') / 1000:.1f} ms",
            f"one create {_of(idle, 'transport') / 1000:.1f} ms",
            _median(one.p50 / (one.transport or 1) for one in idle), 4, at_most=True)
        yield Row("post to create, idle, p99", f"{_of(idle, 'p99') / 1000:.1f} ms")
    if loaded := [one for one in figures.latency if one.is_loaded]:
        yield Row(
            f"post to create, {_of(loaded, 'rate'):.0f} posts a second",
            f"p50 {_of(loaded, 'p50') / 1000:.1f}, p99 {_of(loaded, 'p99') / 1000:.1f} ms")


def _quota(figures: Figures) -> Iterator[Row]:
    if there := figures.quota:
        share = _of(there, "share_of_time")
        yield Row(
            f"quota that a drain of {there[0].count} uses", f"{share:.1%}",
            f"of {there[0].windows} windows, and the waits between them", f"{share:.2f}", "≥ 0.97",
            share >= 0.97)
        yield Row("the same without the waits", f"{_of(there, 'share'):.1%}")


# Scale


def _scale(figures: Figures) -> Iterator[Row]:
    sizes = dict.fromkeys((one.pending, one.settled) for one in figures.scale)
    largest = max((pending + settled for pending, settled in sizes), default=0)
    empty = [one for one in figures.scale if not one.pending and not one.settled]
    for pending, settled in sizes:
        here = [one for one in figures.scale if (one.pending, one.settled) == (pending, settled)]
        has_bars = pending + settled == largest
        for row in _size(_name(pending, settled, here), here, empty):
            yield row if has_bars else _without_bar(row)


def _name(pending: int, settled: int, here: list[Scale]) -> str:
    if not settled:
        return f"{pending} pending"
    return f"{settled} settled" + (", being pruned" if all(one.pruned for one in here) else "")


def _size(name: str, here: list[Scale], empty: list[Scale]) -> Iterator[Row]:
    yield _bar(
        f"ingest, {name}", f"{_of(here, 'ingest'):.0f}/s", f"bare {_of(here, 'bare'):.0f}/s; both when empty",
        _ratio(here, empty, lambda one, none: one.ingest / one.bare / (none.ingest / none.bare)), 0.9)
    yield _bar(
        f"delivery, {name}", f"{_of(here, 'delivery'):.0f}/s",
        f"the transport alone {_of(here, 'transport'):.0f}/s; both when empty",
        _ratio(
            here, empty,
            lambda one, none: one.delivery / one.transport / (none.delivery / none.transport)), 0.9)
    yield _bar(
        f"start to READY, {name}", f"{_of(here, 'start'):.0f} ms", f"{_of(empty, 'start'):.0f} ms when empty",
        _ratio(here, empty, lambda one, none: one.start / none.start), 2, at_most=True)
    resident = _of(here, "resident")
    yield Row(
        f"resident memory at most, {name}", f"{resident:.0f} MiB", bar="≤ 128 MiB", is_met=resident <= 128)
    yield Row(
        f"a page, a search, the WAL, {name}",
        "{:.1f} ms, {:.1f} ms, {:.1f} MiB".format(*(_of(here, key) for key in ("page", "search", "wal"))))


def _pruning(figures: Figures) -> Iterator[Row]:
    if there := figures.pruning:
        yield Row(
            f"file after {there[0].settled} old messages were pruned", f"{_of(there, 'after'):.0f} MiB",
            f"{_of(there, 'before'):.0f} MiB before")
    elif figures.scale and "pruning" in figures.not_run:
        yield Row("file after pruning", "", not_run=figures.not_run["pruning"])


# Start and size


def _idle(figures: Figures) -> Iterator[Row]:
    if not (there := figures.idle):
        return
    cpu, switches = _of(there, "cpu"), _of(there, "switches")
    yield Row("idle: CPU", f"{cpu:.2%} of a core", bar="< 1 %", is_met=cpu < 0.01)
    yield Row(
        "idle: voluntary switches", f"{switches:.0f} a minute", bar="≤ 1000", is_met=switches <= 1000)
    yield Row("idle: resident memory", f"{_of(there, 'resident'):.0f} MiB")
    yield Row("cold start to READY", f"{_of(there, 'start'):.0f} ms")
    yield Row("the program", f"{_of(there, 'binary'):.0f} MB", f"{_of(there, 'stripped'):.0f} MB stripped")


# The agents' tab


def _showing(figures: Figures) -> Iterator[Row]:
    sizes = sorted({one.messages for one in figures.showing})
    if len(sizes) < 2:
        return
    small, large = ([one for one in figures.showing if one.messages == size] for size in (sizes[0], sizes[-1]))
    yield _bar(
        f"a thread of {sizes[-1]} messages, as the tab gets it", f"{_of(large, 'p50'):.2f} ms",
        f"{_of(small, 'p50'):.2f} ms with {sizes[0]}", _ratio(large, small, lambda one, other: one.p50 / other.p50),
        5, at_most=True)
