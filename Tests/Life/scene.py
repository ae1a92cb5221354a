"""One run: a pretend Genesys Cloud, a shop, the daemon, and all that they live through."""

import os
import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import Any

from agents import Agents, Floor, NotToBeHad
from audit import Audit, Evidence, audit
from book import Book
from bridge import Bridge
from calls import Refused
from customers import Customers
from machine import until
from receiver import Receiver
from sandbox import Sandbox
from stories import STORIES, Play
from supervisor import Supervisor
from trouble import Trouble

#: Fractions of a second where a shop would wait minutes.
SETTINGS: dict[str, Any] = {
    "genesys.requestsPerMinute": 60_000, "retry.schedule": ["200ms", "500ms", "1s"],
    "retry.lookAt": ["300ms", "1s", "3s", "8s", "40s"], "conversation.followUps": "join",
    "conversation.recreateAfter": ["2s", "4s"], "callback.schedule": ["200ms", "400ms", "800ms"]}
EVENTS = [
    "agent.reply", "conversation.started", "conversation.accepted", "conversation.transferred",
    "conversation.ended", "conversation.updated", "thread.status", "message.dead"]

Tell = Callable[[str], None]


class Scene:
    def __init__(self, release: str, folder: str, seed: int, threads: int, at_once: int, care: bool, tell: Tell):
        self.folder = os.path.realpath(folder)
        self.seed, self.count, self.at_once, self.care, self._tell = seed, threads, at_once, care, tell
        self.book, self.receiver = Book(), Receiver()
        self.sandbox = Sandbox(release, self.folder)
        settings = SETTINGS | {
            "shop.callbackURL": self.receiver.url, "shop.callbackSecrets": [self.receiver.secret],
            "shop.events": EVENTS, "conversation.unanswered": "watch" if care else "ignore"}
        self.bridge = Bridge(release, self.folder, f"{self.folder}/outbox.sqlite", self.sandbox, settings)
        self._floor: Floor | None = None
        self._customers: Customers | None = None

    def chance(self, of: str) -> random.Random:
        return random.Random(f"{self.seed} {of}")

    def play(self) -> Audit:
        try:
            self._prepare()
            agents, customers = self._staff()
            trouble = Trouble(self.bridge, self.sandbox, self.receiver, self.book, self.chance("trouble"))
            trouble.start()
            try:
                self._tell_all(agents, customers)
            finally:
                trouble.end()
            if trouble.failure:
                raise trouble.failure
            left = self._settle(agents)
            return self._verdict(customers, left)
        finally:
            self.end()

    def end(self) -> None:
        """Leaves nothing behind but files."""
        if self._floor:
            self._floor.end()
        if self._customers:
            self._customers.end()
        self.bridge.end()
        self.sandbox.end()
        self.receiver.end()

    def _prepare(self) -> None:
        """Measures what the look-up may trust, as a person does before."""
        self.sandbox.start()
        self.sandbox.limit(0)
        self.sandbox.set(indexesAddressTo=True, seed=self.seed, heartbeatSeconds=1, endsAfterSeconds=12)
        self.bridge.check("--live", "--probe", "default")
        self.sandbox.set(analyticsLag=0.2, searchLag=0.4)
        self.bridge.start()

    def _staff(self) -> tuple[Agents, Customers]:
        self._floor = Floor(self.sandbox)
        self._customers = Customers(self.bridge, self.book)
        return Agents(self.sandbox, self.bridge, self.book, self._floor), self._customers

    # The stories

    def _tell_all(self, agents: Agents, customers: Customers) -> None:
        plays = []
        for number in range(self.count):
            story = STORIES[number % len(STORIES)]
            thread = self.book.open(f"thread-{number}", story.__name__)
            plays.append((story, Play(
                thread, self.chance(thread.key), self.book, customers, agents, self.receiver,
                patience=60 if self.care else 10)))
        self.chance("order").shuffle(plays)
        told = time.monotonic()
        with ThreadPoolExecutor(self.at_once) as pool:
            jobs = [pool.submit(self._tell_one, story, play) for story, play in plays]
            for done, job in enumerate(as_completed(jobs), 1):
                job.result()
                if time.monotonic() - told > 10 or done == len(jobs):
                    told = time.monotonic()
                    self._tell(f"{done} of {len(jobs)} stories told")

    @staticmethod
    def _tell_one(story: Callable[[Play], None], play: Play) -> None:
        try:
            story(play)
        except NotToBeHad as error:
            play.thread.interrupted = str(error)

    # The end

    def _settle(self, agents: Agents) -> str:
        """The night: nothing goes wrong any more, and nothing ends by itself."""
        self.sandbox.set(endsAfterSeconds=None)
        self.bridge.restart()
        supervisor = Supervisor(
            self.bridge, self.sandbox, self.receiver, agents, self.book, self.chance("supervisor"), self._tell)
        self._tell("the supervisor works off what is left")
        return supervisor.settle(patience=180) if self.care else self._until_still()

    def _until_still(self) -> str:
        try:
            until("nothing is under way", self._is_still, seconds=120)
            return ""
        except TimeoutError as error:
            return str(error)

    def _is_still(self) -> bool:
        counts = self.bridge.counts()
        return not any(counts[state] for state in ("pending", "sending", "in_doubt"))

    def _forgotten(self) -> int:
        """By a census that was begun after everything else, the ends that no feed told of among it."""
        until("all conversations are compared", lambda: self.bridge.status()["feed"]["reconciled_seconds"] is not None)
        self.bridge.restart()
        until("the census is taken", lambda: self._census() is not None)
        return self._census() or 0

    def _census(self) -> int | None:
        found = self.bridge.status()["awaiting_agent"]["forgotten"]
        return None if found is None else int(found)

    def _verdict(self, customers: Customers, left: str) -> Audit:
        forgotten = self._forgotten()
        self._tell("the books are compared")
        shown: dict[str, dict[str, Any]] = {}
        for thread in self.book.threads.values():
            try:
                shown[thread.key] = customers.transcript(thread)
            except Refused as refusal:
                shown[thread.key] = {"messages": [], "status": f"{refusal}"}
        dead = {entry["id"] for entry in self.bridge.entries("dead")}
        given_up = {entry["id"] for entry in self.bridge.entries("discarded")}
        held = {entry["thread"] for entry in self.bridge.entries("held")}
        found = audit(Evidence(
            book=self.book, callbacks=list(self.receiver.callbacks), conversations=self.sandbox.conversations(),
            journal=self.sandbox.journal(), concerns=self.bridge.concerns(), transcripts=shown, dead=dead,
            given_up=given_up, held=held, forgotten=forgotten))
        found.blame("could not be verified", self.receiver.problems)
        if left:
            found.problems.append(f"not settled: {left}")
        if code := self.bridge.program.stop():
            found.problems.append(f"the daemon ended with {code}")
        if damage := self.bridge.damage():
            found.problems.append(f"the store is damaged: {damage}")
        return found
