"""What Genesys, or the network before it, does to a call."""

from collections.abc import Callable

from kind import Kind
from machine import until
from sandbox import Fault
from scene import Scene

FOUND = "all delivered: the look-up finds each conversation"
AGAIN = "all delivered: the look-up finds nothing and proves it, then it is sent again"
LATER = "all delivered, later"
CUT = "all delivered, later; what went out on a connection that had just ended is looked up"

#: The answers that say nothing of what was done, by what they are called.
UNKNOWN: dict[str, Fault] = {
    "reset": {"do": "reset"}, "half": {"do": "half"}, "garbage": {"do": "garbage"},
    **{str(status): {"do": "status", "status": status} for status in (408, 409, 500, 502, 503, 504)}}
WORDS = {
    "reset": "the connection is reset", "half": "half an answer", "garbage": "an answer that is no HTTP"}

#: In a row, so that two more would open the breaker.
TIMES = 3


def now_and_then(fault: Fault, times: int = TIMES, size: int = 40) -> Callable[[Scene], None]:
    """Strikes some calls of each batch."""

    def strike(scene: Scene) -> None:
        scene.bridge.start()
        for count in scene.batches(size):
            planned = min(times, count)
            scene.sandbox.plan({"on": "create", **fault, "times": planned})
            scene.shop.post(count)
            scene.until_struck(planned)

    return strike


def until_noticed(
    fault: Fault, notices: Callable[[Scene], bool], rounds: int = 4
) -> Callable[[Scene], None]:
    """Strikes every call until the bridge sees that this concerns them all."""

    def strike(scene: Scene) -> None:
        scene.bridge.start()
        for count in scene.rounds(rounds):
            scene.sandbox.plan({"on": "create", **fault, "times": 0})
            scene.shop.post(count)
            until("the bridge notices", lambda: notices(scene))
            scene.hit()
            scene.until_idle()
            scene.sandbox.clear()
            scene.settle()

    return strike


def stall(applied: bool) -> Callable[[Scene], None]:
    """Never answers some calls; the bridge gives each of them thirty seconds."""

    def strike(scene: Scene) -> None:
        scene.bridge.start()
        for count in scene.rounds(3):
            scene.sandbox.plan({"on": "create", "do": "stall", "applied": applied, "times": TIMES})
            scene.shop.post(count)
            scene.until_struck(TIMES)
            scene.until_idle()
            scene.settle()

    return strike


def refused(scene: Scene) -> None:
    scene.bridge.start()
    for count in scene.rounds(5):
        scene.until_idle()
        scene.sandbox.plan({"on": "now", "do": "refuse", "seconds": 3, "resetsConnections": True})
        _waits_at_gate(scene, count)
        scene.settle()


def outlasts_lifetime(scene: Scene) -> None:
    """Behind the gate's probe some answers are lost: an entry that had grown old would not be sent again."""
    scene.sandbox.plan({"on": "create", "do": "reset", "times": TIMES, "skip": 1})
    start_cut_off(scene, seconds=20)
    _waits_at_gate(scene, scene.messages)
    until("it is longer than the lifetime", lambda: scene.bridge.status()["oldest_pending_seconds"] > 16)
    scene.settle()


def _waits_at_gate(scene: Scene, count: int) -> None:
    scene.shop.post(count)
    until("the gate closes", scene.bridge.is_closed)
    scene.hit()


def start_cut_off(scene: Scene, seconds: float) -> None:
    """Starts the daemon while connections are refused, so that none ends in the middle of a call.

    The sandbox cannot be asked meanwhile either.
    """
    scene.sandbox.until_answers()
    scene.sandbox.plan({"on": "now", "do": "refuse", "seconds": seconds})
    scene.bridge.start()


def _closed(scene: Scene) -> bool:
    return scene.bridge.is_closed()


def _stopped(scene: Scene) -> bool:
    return scene.bridge.is_stopped()


def _broken(scene: Scene) -> bool:
    return scene.bridge.stops_creating()


def _unknown(name: str, fault: Fault) -> list[Kind]:
    """Both cases of an answer that says nothing of what was done."""
    what = WORDS.get(name, f"answered {name}")
    return [
        Kind(name, f"{what}; nothing done", AGAIN, now_and_then(fault)),
        Kind(f"{name}-applied", f"{what}; it was done", FOUND, now_and_then({**fault, "applied": True})),
    ]


KINDS = [
    Kind("stall", "no answer for 30 s; nothing done", AGAIN, stall(applied=False)),
    Kind("stall-applied", "no answer for 30 s; it was done", FOUND, stall(applied=True)),
    Kind("403", "403 to every create, until the route is stopped", LATER, until_noticed(
        {"do": "status", "status": 403}, _stopped, rounds=1)),
    Kind("404", "404 to every create, until the route is stopped", LATER, until_noticed(
        {"do": "status", "status": 404}, _stopped, rounds=1)),
    Kind("outage-503", "503 to every create until the breaker opens; nothing done", AGAIN, until_noticed(
        {"do": "status", "status": 503}, _broken, rounds=2), patience=180),
    Kind("outage-503-applied", "503 to every create until the breaker opens; all were done", FOUND,
         until_noticed({"do": "status", "status": 503, "applied": True}, _broken, rounds=2), patience=180),
    Kind("401", "401 to every create, until the gate is closed", LATER, until_noticed(
        {"do": "status", "status": 401}, _closed)),
    Kind("refused", "connections refused for 3 s", CUT, refused),
    Kind("lifetime", "an outage of 20 s, with a lifetime of 15 s", "all delivered: an outage ages nothing",
         outlasts_lifetime, settings={"retry.lifetime": "15s"}),
    *[kind for name, fault in UNKNOWN.items() for kind in _unknown(name, fault)],
    Kind("400", "400 to a create", "as many dead, the others delivered", now_and_then(
        {"do": "status", "status": 400}), ends=frozenset({"delivered", "dead"})),
    Kind("429", "a storm of 429, each for a second", LATER, now_and_then(
        {"do": "status", "status": 429, "retryAfter": 1}, times=24, size=400)),
    Kind("token", "tokens that die early", LATER, now_and_then({"do": "expireToken"})),
]
