"""A thread in the agents' tab, short and long."""

import statistics
import time
from collections.abc import Iterator

from bench import Bench
from bridge import TOKEN, Bridge, Settings
from calls import call
from figures import Showing
from machine import until
from sandbox import Sandbox
from tab import Tab

AGENT = "5a6b0c1e-0000-4000-8000-000000000001"


def measure(bench: Bench) -> Iterator[Showing]:
    with bench.store() as store, bench.sandbox() as sandbox:
        with bench.bridge(store, sandbox, _settings(sandbox)) as bridge:
            bridge.set("listen.publicURL", f"http://127.0.0.1:{bridge.public}")
            bridge.start()
            for messages in 10, bench.count(1000, 100):
                with bench.telling(f"a thread of {messages} messages"):
                    conversation = _write(bridge, sandbox, f"thread-{messages}", messages)
                    p50 = _show(Tab(bridge.public, AGENT), conversation, bench.count(500, 50))
                yield Showing(bench.run, messages, p50)


def _settings(sandbox: Sandbox) -> Settings:
    return {
        "conversation.followUps": "join", "widget.clientID": "demo-widget",
        "widget.clientSecret": "demo-widget-secret",
        "widget.frameAncestors": [f"http://localhost:{sandbox.port}"]}


def _write(bridge: Bridge, sandbox: Sandbox, thread: str, messages: int) -> str:
    """The conversation that they have all come to, with an agent who has it."""
    _post(bridge, thread, 0)
    until("the first message is delivered", lambda: _waiting(bridge) == 0)
    conversation = str(sandbox.conversations()[-1]["id"])
    sandbox.take(conversation, AGENT)
    for number in range(1, messages):
        _post(bridge, thread, number)
    until("all messages are delivered", lambda: _waiting(bridge) == 0)
    return conversation


def _post(bridge: Bridge, thread: str, number: int) -> None:
    message = {
        "message": {"id": f"{thread}-{number}", "body": f"Where is it? I have asked {number} times. " * 8},
        "customer": {"email": "zoe@example.com", "name": "Zoe"}, "conversation": {"key": thread},
        "order": {"number": "#9999", "total": "403.00", "currency": "EUR"}}
    call(bridge.public, "POST", "/v1/messages", message, headers={"Authorization": f"Bearer {TOKEN}"})


def _waiting(bridge: Bridge) -> int:
    counts = bridge.counts()
    return sum(counts.values()) - counts["delivered"]


def _show(tab: Tab, conversation: str, times: int) -> float:
    """The median of so many, in milliseconds."""
    took = []
    for _ in range(times):
        began = time.perf_counter()
        tab.call("GET", f"/conversations/{conversation}")
        took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took)
