"""What a run has measured, before anybody judges it."""

import dataclasses
from typing import Any


@dataclasses.dataclass
class Ingest:
    """One side of the intake in one run; times in microseconds, costs for a message."""

    run: int
    #: bridge, null, bare, fastapi, postfix, or open: the bridge at half its rate, whatever it answers.
    side: str
    bytes: int
    connections: int
    count: int
    per_second: float
    p50: float | None = None
    p99: float | None = None
    p999: float | None = None
    cpu: float | None = None
    #: Bytes, as the kernel counts what goes to the disk.
    written: float | None = None


@dataclasses.dataclass
class Delivery:
    """Creates a second, from the first to the last."""

    run: int
    count: int
    bridge: float
    transport: float


@dataclasses.dataclass
class Latency:
    """From a post to its create, and of a create alone; in microseconds."""

    run: int
    #: Whether other posts come at half the rate of the delivery.
    is_loaded: bool
    #: Posts a second.
    rate: float
    p50: float
    p99: float
    transport: float | None = None


@dataclasses.dataclass
class Scale:
    """The bridge on a file that has so many messages already; sizes in MiB, times in ms."""

    run: int
    pending: int
    settled: int
    #: Changes that were pruned while posts came.
    pruned: int
    start: float
    ingest: float
    bare: float
    delivery: float
    transport: float
    resident: float
    page: float
    search: float
    wal: float


@dataclasses.dataclass
class Pruning:
    """The file, in MiB, before the daemon came and after it has pruned."""

    run: int
    settled: int
    before: float
    after: float
    seconds: float


@dataclasses.dataclass
class Quota:
    """The share of the calls allowed that were carried out in whole windows, and with the waits between."""

    run: int
    count: int
    windows: int
    share: float
    share_of_time: float


@dataclasses.dataclass
class Idle:
    """The daemon that has nothing to do: the share of a core, a minute's switches, MiB, ms, MB."""

    run: int
    cpu: float
    switches: float
    resident: float
    start: float
    binary: float
    stripped: float


@dataclasses.dataclass
class Showing:
    """A thread as the agents' tab gets it, in milliseconds."""

    run: int
    messages: int
    p50: float


@dataclasses.dataclass
class Figures:
    ingest: list[Ingest] = dataclasses.field(default_factory=list)
    delivery: list[Delivery] = dataclasses.field(default_factory=list)
    latency: list[Latency] = dataclasses.field(default_factory=list)
    scale: list[Scale] = dataclasses.field(default_factory=list)
    pruning: list[Pruning] = dataclasses.field(default_factory=list)
    quota: list[Quota] = dataclasses.field(default_factory=list)
    idle: list[Idle] = dataclasses.field(default_factory=list)
    showing: list[Showing] = dataclasses.field(default_factory=list)
    #: What this machine does not permit, and why.
    not_run: dict[str, str] = dataclasses.field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return dataclasses.asdict(self)
