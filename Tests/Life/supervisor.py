"""The supervisor: works off what is left at the end of a day, some of it left on purpose."""

import contextlib
import random
import time
import zlib
from collections.abc import Callable, Iterator
from typing import Any

from agents import Agents, NotToBeHad
from book import Book, Thread
from bridge import Bridge
from calls import Refused
from receiver import Receiver
from sandbox import Sandbox


@contextlib.contextmanager
def unless_it_changed() -> Iterator[None]:
    """What has meanwhile changed by itself is left as it is."""
    try:
        yield
    except Refused as refusal:
        if refusal.status != 409:
            raise


class Supervisor:
    def __init__(
        self, bridge: Bridge, sandbox: Sandbox, receiver: Receiver, agents: Agents, book: Book,
        chance: random.Random, tell: Callable[[str], None]
    ):
        self._bridge, self._sandbox, self._receiver = bridge, sandbox, receiver
        self._agents, self._book, self._chance, self._tell = agents, book, chance, tell
        self._rounds = 0

    def settle(self, patience: float) -> str:
        """Works until nothing is left to do; returns what is, if it was not done in time."""
        told = time.monotonic()
        end = told + patience
        quiet = 0
        while quiet < 3:
            left = self._round()
            quiet = 0 if left else quiet + 1
            if time.monotonic() > end:
                return left
            if time.monotonic() - told > 10:
                told = time.monotonic()
                self._tell(f"still {left or 'nothing'}{self._example()}")
            time.sleep(0.3)
        return ""

    def _round(self) -> str:
        """Does what there is to do, and says what that was."""
        self._rounds += 1
        counts = self._bridge.counts()
        moving = {state: counts[state] for state in ("pending", "sending", "in_doubt") if counts[state]}
        held = self._hand_over() if counts["held"] else 0
        concerns = sum(self._see_to(one) for one in self._bridge.concerns())
        served = self._serve_waiting()
        done = {"held": held, "concerns": concerns, "live": served}
        return ", ".join(f"{count} {what}" for what, count in (moving | done).items() if count)

    def _example(self) -> str:
        """One of those that are not delivered yet, and why."""
        for state in ("pending", "in_doubt"):
            for entry in self._bridge.entries(state)[:1]:
                return f"; such as {entry['id']} of {entry['thread']} to {entry['destination']}: {entry['reason']}"
        return ""

    @staticmethod
    def leaves(thread: str) -> bool:
        """A few are left as they are: somebody has them, and that is enough."""
        return zlib.crc32(thread.encode()) % 12 == 0

    def _hand_over(self) -> int:
        """As the README has it: one that is there is delivered, one that is not is sent again."""
        held = self._bridge.entries("held")
        there = {one["toAddress"]: one["id"] for one in self._sandbox.conversations()} if held else {}
        for entry in held:
            self._book.count("held, and handed over")
            with unless_it_changed():
                if conversation := there.get(entry["id"]):
                    self._bridge.delivered(entry["id"], conversation)
                else:
                    self._bridge.retry(entry["id"])
        return len(held)

    def _see_to(self, concern: dict[str, Any]) -> bool:
        """Whether there was something to do, or to wait for."""
        kind, thread = concern["kind"], self._book.threads.get(concern["thread"])
        if thread is None:
            return False
        if kind == "again":
            return True
        if self.leaves(thread.key):
            return False
        with unless_it_changed():
            if kind == "refused":
                self._correct(thread, concern["entry"])
            else:
                self._care(thread)
        return True

    def _care(self, thread: Thread) -> None:
        match self._chance.choice(["recreate", "answer", "dismiss"]):
            case "recreate":
                self._bridge.order(thread.key, "recreate")
            case "answer":
                self._agents.answer(thread, None, 900 + self._rounds)
            case _:
                self._agents.dismiss(thread, "the customer has called")
        self._book.count("unanswered, and seen to")

    def _correct(self, thread: Thread, entry: str) -> None:
        """The shop takes the answer after all, or it is given up."""
        self._receiver.refusing.discard(thread.key)
        if self._chance.random() < 0.5:
            self._bridge.retry(entry)
            self._book.count("refused, and sent again")
        else:
            self._bridge.discard(entry)
            self._book.count("refused, and given up")

    def _serve_waiting(self) -> int:
        """Conversations that still wait get an agent."""
        self._agents.floor.look()
        count = 0
        for key in self._agents.floor.threads():
            live, thread = self._agents.floor.live(key), self._book.threads.get(key)
            if live is None or thread is None or self.leaves(key) or self._has_agent(live):
                continue
            count += 1
            try:
                hold = self._agents.take(thread, self._chance, patience=2)
                self._agents.answer(thread, hold, 500 + self._rounds)
                hold.finish()
                self._book.count("waited to the end, and answered")
            except NotToBeHad:
                continue
        return count

    @staticmethod
    def _has_agent(live: dict[str, Any]) -> bool:
        return live.get("agent") in ("connected", "parked")
