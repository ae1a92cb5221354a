"""What the script itself knows of each thread: what was said and answered with 2xx, and why nobody need answer."""

import dataclasses
import threading
import time
from collections import Counter


@dataclasses.dataclass(frozen=True)
class Said:
    """A message, an answer or a note that was accepted."""

    #: `customer`, `answer` or `note`.
    kind: str
    id: str
    #: The idempotency key of a customer's message; of others the one of the agent's client.
    key: str
    text: str
    #: When its first attempt was begun, and when it was answered 2xx.
    began: float
    ended: float


@dataclasses.dataclass
class Thread:
    key: str
    story: str = ""
    said: list[Said] = dataclasses.field(default_factory=list)
    #: What a person or the shop decided, with the newest question of then.
    reasons: list[tuple[str, str]] = dataclasses.field(default_factory=list)
    #: Whether its story was left before its end, since what it needed did not come.
    interrupted: str = ""

    def of(self, *kinds: str) -> list[Said]:
        """In the order of their ids, which rise with the time they were drawn."""
        return sorted((one for one in self.said if one.kind in kinds), key=lambda one: one.id)

    @property
    def question(self) -> Said | None:
        """The customer's newest."""
        asked = self.of("customer")
        return asked[-1] if asked else None


class Book:
    """All threads of a run, and a count of what happened; many write to it at once."""

    def __init__(self) -> None:
        self.threads: dict[str, Thread] = {}
        self._lock = threading.Lock()
        #: What happened how often, such as `kill -9`.
        self.happened: Counter[str] = Counter()

    def open(self, key: str, story: str = "") -> Thread:
        with self._lock:
            return self.threads.setdefault(key, Thread(key, story))

    def note(self, thread: Thread, said: Said) -> None:
        with self._lock:
            thread.said.append(said)

    def give_reason(self, thread: Thread, why: str) -> None:
        with self._lock:
            thread.reasons.append((why, thread.question.id if thread.question else ""))

    def count(self, what: str, times: int = 1) -> None:
        with self._lock:
            self.happened[what] += times


def now() -> float:
    return time.monotonic()
