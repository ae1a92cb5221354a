"""One kind's own sandbox, daemon and shop, and what every kind does with them."""

import os
import random
import time
from collections.abc import Iterator
from typing import Any

from books import Audit, audit
from bridge import Bridge
from disk import Disk
from kind import Kind, Options
from machine import until
from sandbox import Sandbox
from shop import Shop

# Fractions of a second where a shop would wait minutes; the last look is behind the breaker's first probe.
SETTINGS: dict[str, Any] = {
    "genesys.requestsPerMinute": 60_000, "retry.schedule": ["200ms", "500ms", "1s"],
    "retry.lookAt": ["300ms", "1s", "3s", "8s", "40s"]}


class Scene:
    def __init__(self, kind: Kind, options: Options, folder: str, messages: int):
        self.kind, self.options, self.messages = kind, options, messages
        self.folder = os.path.realpath(folder)
        self.chance = random.Random(f"{options.seed} {kind.name}")
        self.sandbox = Sandbox(options.release, self.folder)
        self.disk = Disk(self.folder) if kind.on_disk else None
        store = f"{self.disk.folder if self.disk else self.folder}/outbox.sqlite"
        settings = SETTINGS | kind.settings | ({} if options.look_up else {"retry.lookUp": []})
        self.bridge = Bridge(options.release, self.folder, store, self.sandbox, settings)
        self.shop = Shop(self.bridge.public, threads=max(16, messages // 8))
        self.struck = 0
        self.failed: list[str] = []

    # The way of every kind

    def play(self) -> Audit:
        """The kind from its start to the verdict."""
        try:
            self.sandbox.start()
            self._prepare()
            self.kind.strike(self)
            self.settle()
            return self._verdict()
        finally:
            self.end()

    def _prepare(self) -> None:
        """Measures what the look-up may trust: the probe asks every five seconds, so the indexes lag later."""
        self.sandbox.limit(0)
        self.sandbox.set(indexesAddressTo=True, analyticsLag=0, searchLag=0, seed=self.options.seed)
        self.bridge.check("--live", "--probe", "default")
        self.sandbox.set(analyticsLag=0.2, searchLag=0.4)

    def end(self) -> None:
        """Leaves nothing behind but files."""
        if self.disk:
            self.disk.remove()
        self.shop.close()
        self.bridge.end()
        self.sandbox.end()

    def _verdict(self) -> Audit:
        posted = sorted(self.shop.posted)
        repeats = [self.shop.repeat(number) for number in self.chance.sample(posted, min(10, len(posted)))]
        result = audit(self.shop, self.bridge, self.sandbox, self.kind.ends, self.kind.may_mark)
        result.problems += self.failed + [wrong for wrong in repeats if wrong]
        if self.struck == 0:
            result.problems.append("the fault did not strike")
        if code := self.bridge.program.stop():
            result.problems.append(f"the daemon ended with {code}")
        if damage := self.bridge.damage():
            result.problems.append(f"the store is damaged: {damage}")
        return result

    # What the kinds are made of

    def expect(self, holds: bool, otherwise: str) -> None:
        if not holds:
            self.failed.append(otherwise)

    def hit(self, times: int = 1) -> None:
        self.struck += times

    def batches(self, size: int, rest: int = 0) -> Iterator[int]:
        """Sizes of posts that come to all messages but the rest."""
        left = max(1, self.messages - rest)
        while left > 0:
            yield min(size, left)
            left -= size

    def rounds(self, most: int) -> list[int]:
        """How many messages each of some rounds posts: two of them in a quick run."""
        count = min(most, 2 if self.options.quick else most)
        return [-(-self.messages // count)] * count

    def until_struck(self, times: int, on: str = "") -> None:
        """Waits until as many planned faults have struck as there were."""
        until("the planned faults strike", lambda: self.sandbox.planned(on) == 0)
        self.hit(times)

    def until_idle(self) -> None:
        until("nothing is under way", lambda: self.bridge.status()["in_flight"] == 0)

    def until_quiet(self) -> None:
        """Waits until the daemon has made no call for a moment."""
        last = -1
        while last != (last := self.sandbox.calls()):
            time.sleep(0.5)

    def was_in_doubt(self) -> bool:
        return any(change["state"] == "in_doubt" for change in self.bridge.changes())

    def another_bridge(self) -> Bridge:
        """One that is to use the same store."""
        return Bridge(self.options.release, self.folder, self.bridge.store, self.sandbox, SETTINGS)

    def settle(self, silent: bool = False) -> None:
        """Waits until nothing moves any more. Meanwhile customers go on writing, as they do.

        Without a later message nothing could show that an index has caught up. Where entries may end
        held, a person then does with them what the README says.
        """
        self.sandbox.until_answers()
        self._until_still(silent)
        if "held" in self.kind.ends and self._hand_over():
            self._until_still(silent)

    def _until_still(self, silent: bool) -> None:
        end = time.monotonic() + self.kind.patience
        while not self._is_still():
            if time.monotonic() > end:
                counts = {state: n for state, n in self.bridge.counts().items() if n}
                return self.expect(False, f"not settled within {self.kind.patience} s: {counts}")
            if not silent and self.bridge.counts()["in_doubt"]:
                self.shop.post_from_stranger()
            time.sleep(0.5)

    def _is_still(self) -> bool:
        counts = self.bridge.counts()
        if counts["sending"] or counts["in_doubt"]:
            return False
        if not counts["pending"]:
            return True
        # What waits behind a held entry goes when that one does.
        threads = {entry["thread"] for entry in self.bridge.entries("held")}
        return bool(threads) and all(entry["thread"] in threads for entry in self.bridge.entries("pending"))

    def _hand_over(self) -> int:
        held = self.bridge.entries("held")
        there = {one["toAddress"]: one["id"] for one in self.sandbox.conversations()} if held else {}
        for entry in held:
            if conversation := there.get(entry["id"]):
                self.bridge.delivered(entry["id"], conversation)
            else:
                self.bridge.retry(entry["id"])
        return len(held)
