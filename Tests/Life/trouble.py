"""Everything that goes wrong around the conversations, one thing after the other by the dice."""

import random
import threading
import time
from collections.abc import Callable

from book import Book
from bridge import Bridge
from receiver import Receiver
from sandbox import Fault, Sandbox

#: Of creates, follow-ups and ends at Genesys: few enough that the breaker stays closed.
_FAULTS: dict[str, Fault] = {
    "answers lost": {"do": "reset", "applied": True}, "calls lost": {"do": "reset"},
    "answers 503": {"do": "status", "status": 503}, "answers 500 to what was done": {
        "do": "status", "status": 500, "applied": True}, "half an answer": {"do": "half", "applied": True}}


class Trouble:
    def __init__(self, bridge: Bridge, sandbox: Sandbox, receiver: Receiver, book: Book, chance: random.Random):
        self._bridge, self._sandbox, self._receiver = bridge, sandbox, receiver
        self._book, self._chance = book, chance
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._go_on)
        #: What went wrong with the trouble itself.
        self.failure: Exception | None = None

    def start(self) -> None:
        self._thread.start()

    def end(self) -> None:
        """Leaves all as it should be, but for what is to be found out."""
        self._ended.set()
        self._thread.join()
        self._receiver.mode = "fine"
        self._sandbox.clear()
        self._sandbox.feed(silent=False, drop=0)

    def _go_on(self) -> None:
        strokes: list[Callable[[], None]] = []
        try:
            while not self._ended.wait(self._chance.uniform(0.2, 1)):
                if not strokes:
                    strokes = self._all()
                    self._chance.shuffle(strokes)
                strokes.pop()()
        except Exception as error:
            self.failure = error

    def _all(self) -> list[Callable[[], None]]:
        faults = [
            self._fault(on, name) for on in ("create", "change")
            for name in self._chance.sample(sorted(_FAULTS), 2)]
        shop = [self._shop(mode) for mode in ("down", "slow", "losing")]
        return [
            self._kill, self._kill, self._gone, self._cut, self._silent, self._drop, self._refuse, self._expire,
            *faults, *shop]

    def _kill(self) -> None:
        self._book.count("kill -9 of the daemon")
        self._bridge.kill()
        self._ended.wait(self._chance.uniform(0, 1))
        self._bridge.start()

    def _gone(self) -> None:
        """The shop says it wants nothing more; it is taken up again with the next start, as after a correction."""
        self._receiver.mode = "gone"
        self._book.count("shop answers 410")
        self._ended.wait(1)
        self._receiver.mode = "fine"
        self._kill()

    def _cut(self) -> None:
        self._sandbox.feed(cut=True)
        self._book.count("feed cut")

    def _silent(self) -> None:
        """What is not told meanwhile is never told; the cut that follows makes it known."""
        self._sandbox.feed(silent=True)
        self._book.count("feed silent")
        self._ended.wait(self._chance.uniform(1, 3))
        self._sandbox.feed(silent=False)
        self._cut()

    def _drop(self) -> None:
        self._sandbox.feed(drop=self._chance.randint(2, 8))
        self._book.count("feed loses events")

    def _refuse(self) -> None:
        self._sandbox.plan({"on": "now", "do": "refuse", "seconds": 1, "resetsConnections": True})
        self._book.count("Genesys not reachable")
        time.sleep(1.2)
        self._sandbox.until_answers()

    def _expire(self) -> None:
        self._sandbox.plan({"on": "create", "do": "expireToken"})
        self._book.count("token revoked")

    def _fault(self, on: str, name: str) -> Callable[[], None]:
        def strike() -> None:
            times = self._chance.randint(1, 2)
            self._sandbox.plan({"on": on, **_FAULTS[name], "times": times})
            self._book.count(f"{name} ({'creates' if on == 'create' else 'changes'})", times)
        return strike

    def _shop(self, mode: str) -> Callable[[], None]:
        def strike() -> None:
            self._receiver.mode = mode
            self._book.count(f"shop {mode}")
            self._ended.wait(self._chance.uniform(0.5, 2))
            self._receiver.mode = "fine"
        return strike
