"""The clock, other clients of Genesys, and everything at once."""

import base64
import http.client
import json
import threading
import time
from collections.abc import Callable

from answers import LATER, TIMES, UNKNOWN
from clock import Clock
from crashes import EITHER
from kind import UNDECIDABLE, Kind
from lookups import HELD
from machine import lacks_clock, until
from sandbox import Fault
from scene import Scene

HOURS = [3, -5, 0, 26, -2, 0]


def clock_is_set(loses: bool) -> Callable[[Scene], None]:
    """Sets the daemon's wall clock back and forth, while it runs and between two runs."""

    def strike(scene: Scene) -> None:
        clock = Clock(scene.folder)
        scene.bridge.under = clock.command
        scene.bridge.start()
        for number, count in enumerate(scene.batches(max(1, scene.messages // len(HOURS)))):
            if loses:
                scene.sandbox.plan({"on": "create", "do": "reset", "applied": number % 4 < 2})
            posting = scene.shop.start(count)
            clock.set(HOURS[number % len(HOURS)])
            scene.hit()
            posting.result()
            if number % 3 == 2:
                scene.settle()
                scene.bridge.restart()

    return strike


def shared_quota(scene: Scene) -> None:
    """Most of what a window allows is taken by another client, and the server says so."""
    scene.sandbox.set(limitPer="client")
    scene.sandbox.limit(30, 5)
    scene.bridge.start()
    ended = threading.Event()
    other = threading.Thread(target=_take_half, args=(scene.sandbox.port, ended))
    other.start()
    try:
        scene.shop.post(scene.messages)
        scene.settle()
    finally:
        ended.set()
        other.join()
    calls = sum(call["status"] == 200 for call in scene.sandbox.journal("/api/v2/tokens/me"))
    scene.expect(calls >= 10, f"the other client got {calls} answers only")
    scene.hit(calls)


def _take_half(port: int, ended: threading.Event) -> None:
    """Three calls a second with the bridge's own client."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    secret = base64.b64encode(b"demo:demo-secret").decode()
    connection.request("POST", "/oauth/token", "grant_type=client_credentials", {
        "Authorization": f"Basic {secret}", "Content-Type": "application/x-www-form-urlencoded"})
    token = json.loads(connection.getresponse().read())["access_token"]
    while not ended.wait(1 / 3):
        connection.request("GET", "/api/v2/tokens/me", headers={"Authorization": f"Bearer {token}"})
        connection.getresponse().read()


def mixture(scene: Scene) -> None:
    """Faults by the dice; most calls of a batch go well, so that the breaker is not all there is.

    Where calls are slow nothing else strikes until they are answered. Cut off, one would be carried out
    long after its first looks, which come sixteen times as soon here as in a shop.
    """
    faults: list[Fault] = [
        {"do": "expireToken"}, {"do": "slow", "seconds": 1}, {"do": "status", "status": 401},
        {"do": "status", "status": 429, "retryAfter": 1},
        *[{**fault, "applied": applied} for fault in UNKNOWN.values() for applied in (False, True)]]
    scene.bridge.start()
    for count in scene.batches(25):
        times = min(count, scene.chance.randint(1, TIMES))
        fault = scene.chance.choice(faults)
        scene.sandbox.until_answers()
        scene.sandbox.plan({"on": "create", **fault, "times": times})
        posting = scene.shop.start(count)
        slow = fault["do"] == "slow"
        refuses = not slow and scene.chance.random() < 0.1
        if refuses:
            scene.sandbox.plan({"on": "now", "do": "refuse", "seconds": 1})
        elif not slow and scene.chance.random() < 0.1:
            scene.bridge.restart()
        posting.result()
        scene.sandbox.until_answers()
        until("the faults strike, or nothing is sent", lambda: scene.sandbox.planned() == 0 or _waits(scene))
        scene.hit(times - scene.sandbox.planned())
        if refuses and scene.bridge.is_closed():
            scene.hit()
        scene.sandbox.clear()
        if slow:
            scene.until_idle()
        time.sleep(scene.chance.uniform(0, 0.2))


def _waits(scene: Scene) -> bool:
    return scene.bridge.is_closed() or scene.bridge.stops_creating()


KINDS = [
    Kind("quota", "another client takes half of 30 calls in 5 s", LATER, shared_quota, most=600,
         patience=300, settings={"genesys.requestsPerMinute": 300}),
    Kind("clock", "the daemon's clock is set back and forth by hours", LATER, clock_is_set(loses=False),
         lacks=lacks_clock),
    Kind("clock-in-doubt", "the same, and answers are lost", f"delivered, or {HELD}",
         clock_is_set(loses=True), ends=UNDECIDABLE, lacks=lacks_clock),
    *[Kind(f"mixture-{n}", "all faults of the network by the dice, restarts among them", EITHER, mixture,
           patience=180) for n in (1, 2, 3)],
]
