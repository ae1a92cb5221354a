"""A backlog that goes to a sandbox without limits, against the transport alone posting the same body."""

import base64
import http.client
import json
import tempfile
from collections.abc import Iterator

import journal
from bench import Bench
from bridge import Bridge
from figures import Delivery
from machine import until
from sandbox import Sandbox

#: As many as the bridge has under way.
CONNECTIONS = 16


def measure(bench: Bench) -> Iterator[Delivery]:
    count = bench.count(10_000, 500)
    with bench.telling(f"a backlog of {count} is delivered"), bench.sandbox() as sandbox:
        through_bridge, body = drain(bench, sandbox, count)
    with bench.telling(f"the transport alone, {count} creates"):
        alone = through_transport(bench, body, count)
    yield Delivery(bench.run, count, through_bridge, alone)


def drain(bench: Bench, sandbox: Sandbox, count: int) -> tuple[float, str]:
    """Creates a second, and the body of one of them."""
    with bench.store() as store:
        bench.tool("fill", store=store, count=count)
        with bench.bridge(store, sandbox) as bridge:
            bridge.start()
            until_delivered(bridge)
    creates = journal.creates(sandbox)
    if len(creates) != count:
        raise RuntimeError(f"{count} entries came to {len(creates)} creates")
    return journal.per_second(creates), str(creates[0]["requestBody"])


def until_delivered(bridge: Bridge, seconds: float = 600) -> None:
    def is_done() -> bool:
        counts = bridge.counts()
        return counts["pending"] + counts["sending"] + counts["in_doubt"] == 0

    # Seldom, because the answer costs the daemon something.
    until("all is delivered", is_done, seconds, every=0.25)
    if wrong := {state: n for state, n in bridge.counts().items() if n and state != "delivered"}:
        raise RuntimeError(f"not all was delivered: {wrong}")


def through_transport(bench: Bench, body: str, count: int) -> float:
    """Creates a second."""
    with bench.sandbox() as sandbox:
        post(bench, sandbox, body, count, CONNECTIONS)
        return journal.per_second(journal.creates(sandbox))


def post(bench: Bench, sandbox: Sandbox, body: str, count: int, connections: int, pause: int = 0) -> float:
    """Creates conversations by the transport alone; the median of their times, in microseconds."""
    with tempfile.NamedTemporaryFile("w") as file:
        file.write(body)
        file.flush()
        figures = bench.tool(
            "transport", port=sandbox.port, body=file.name, token=token(sandbox), connections=connections,
            count=count, pause=pause)
    if any(not status.startswith("2") for status in figures["statuses"]):
        raise RuntimeError(f"not every create was answered 2xx: {figures['statuses']}")
    return float(figures["p50"])


def token(sandbox: Sandbox) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", sandbox.port, timeout=20)
    try:
        headers = {
            "Authorization": f"Basic {base64.b64encode(b'demo:demo-secret').decode()}",
            "Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", "/oauth/token", "grant_type=client_credentials", headers)
        return str(json.load(connection.getresponse())["access_token"])
    finally:
        connection.close()
