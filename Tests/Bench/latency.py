"""From a post to the create that it leads to."""

import statistics
from collections.abc import Iterator

import delivery
import journal
from bench import Bench
from figures import Latency
from percentile import percentile


def measure(bench: Bench) -> Iterator[Latency]:
    with bench.telling("from post to create, idle"):
        p50, p99, body = end_to_end(bench, 10, bench.count(200, 30), connections=4)
    with bench.telling("the transport alone, one create at a time"), bench.sandbox() as sandbox:
        alone = delivery.post(bench, sandbox, body, bench.count(200, 30), connections=1, pause=100)
    yield Latency(bench.run, False, 10, p50, p99, alone)
    with bench.telling("how many can be delivered a second"), bench.sandbox() as sandbox:
        most, _ = delivery.drain(bench, sandbox, bench.count(5000, 500))
    rate = round(most / 2)
    with bench.telling(f"from post to create, {rate} posts a second"):
        p50, p99, _ = end_to_end(bench, rate, rate * bench.count(10, 1), connections=64)
    yield Latency(bench.run, True, rate, p50, p99)


def end_to_end(bench: Bench, rate: float, count: int, connections: int) -> tuple[float, float, str]:
    """The median and the 99th percentile in microseconds, and the body of a create."""
    with bench.store() as store, bench.sandbox() as sandbox, bench.bridge(store, sandbox) as bridge:
        bridge.start()
        bench.load(bridge.public, count, connections, rate=rate, sent=f"{store}.sent")
        delivery.until_delivered(bridge)
        with open(f"{store}.sent") as file:
            sent = {int(number): int(time) for number, time in map(str.split, file)}
        creates = journal.creates(sandbox)
    times = [journal.moment(create) * 1e6 - sent.pop(journal.number(create)) for create in creates]
    if sent:
        raise RuntimeError(f"{len(sent)} of {count} posts led to no create")
    return statistics.median(times), percentile(times, 99), str(creates[0]["requestBody"])
