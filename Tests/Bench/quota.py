"""A backlog that goes to a sandbox which allows only so many calls."""

from collections.abc import Iterator

import delivery
import journal
import window
from bench import Bench
from figures import Quota


def measure(bench: Bench) -> Iterator[Quota]:
    count = bench.count(10_000, 300)
    # Windows as long as those of Genesys, but in a quick run.
    allowed, seconds = (2500, 60) if not bench.quick else (100, 1)
    settings = {"genesys.requestsPerMinute": allowed * 60 // seconds}
    with bench.telling(f"a backlog of {count} is delivered, {allowed} calls each {seconds} s"):
        with bench.store() as store, bench.sandbox() as sandbox:
            bench.tool("fill", store=store, count=count)
            with bench.bridge(store, sandbox, settings) as bridge:
                sandbox.limit(allowed, seconds)
                bridge.start()
                delivery.until_delivered(bridge)
            creates = [journal.moment(create) for create in journal.creates(sandbox)]
            calls = [
                journal.moment(call) for call in sandbox.journal("/api/") if call["status"] != 429]
    use = window.use(calls, min(creates), max(creates), allowed, seconds)
    yield Quota(bench.run, count, use.windows, use.share, use.share_of_time)
