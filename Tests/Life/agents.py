"""The agents: they do at Genesys what its own programs let them do, and answer at the bridge."""

import random
import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

from book import Book, Said, Thread, now
from bridge import Bridge
from calls import Refused, call
from sandbox import Sandbox

BILLING = "3f6a0c1e-0000-4000-8000-000000000003"
WRAPUP = "7c8d0c1e-0000-4000-8000-000000000001"
PATIENCE = 60

Conversation = dict[str, Any]
Result = TypeVar("Result")


class NotToBeHad(Exception):
    """No conversation of the thread could be taken in time: it is left to the supervisor."""


class Floor:
    """The conversations that there are at Genesys, read again and again."""

    def __init__(self, sandbox: Sandbox):
        self._sandbox = sandbox
        self._by_thread: dict[str, list[Conversation]] = {}
        self._ended = threading.Event()
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self._watcher.start()

    def _watch(self) -> None:
        pause = 0.3
        while not self._ended.wait(pause):
            began = now()
            try:
                self.look()
            except (OSError, Refused):
                continue
            # The list grows; reading it must not be what the machine does.
            pause = max(0.3, 3 * (now() - began))

    def look(self) -> None:
        found: dict[str, list[Conversation]] = {}
        for one in self._sandbox.conversations():
            found.setdefault(one["attributes"].get("bridge.thread", ""), []).append(one)
        self._by_thread = found

    def all(self, thread: str) -> list[Conversation]:
        """Oldest first."""
        return self._by_thread.get(thread, [])

    def live(self, thread: str) -> Conversation | None:
        return next((one for one in reversed(self.all(thread)) if one["state"] != "ended"), None)

    def threads(self) -> list[str]:
        return list(self._by_thread)

    def end(self) -> None:
        self._ended.set()
        self._watcher.join()


class Hold:
    """A conversation that an agent has."""

    def __init__(self, agents: "Agents", thread: Thread, conversation: str, participant: str, agent: str):
        self._agents, self.thread = agents, thread
        self.id, self.participant, self.agent = conversation, participant, agent

    def accept(self) -> None:
        self._change({"state": "connected"})

    def decline(self) -> None:
        self._change({"state": "disconnected"})

    def park(self) -> None:
        self._call("PATCH", f"{self._email}/parkingstate", {"state": "parked"})

    def resume(self) -> None:
        self._call("PATCH", f"{self._email}/parkingstate", {"state": "connected"})

    def to_queue(self, queue: str) -> None:
        self._call("POST", f"{self._general}/replace/queue", {"queueId": queue})

    def to_agent(self, agent: str) -> "Hold":
        """Returns what the other agent has, whom it alerts."""
        self._call("POST", f"{self._general}/replace/agent", {"userId": agent})
        end = now() + PATIENCE
        while True:
            live = self._agents.floor.live(self.thread.key)
            if live and live["id"] == self.id and live.get("agentId") == agent:
                return Hold(self._agents, self.thread, self.id, live["agentParticipantId"], agent)
            if now() > end:
                raise NotToBeHad(f"{self.id} did not come to {agent}")
            time.sleep(0.1)

    def finish(self, wrapup: bool = True) -> None:
        """Ends it for all, as the widget will: closed in the same call, or left without a code."""
        self._change({"state": "disconnected"} | ({"wrapup": {"code": WRAPUP}} if wrapup else {}))

    def _change(self, body: dict[str, Any]) -> None:
        self._call("PATCH", self._email, body)

    @property
    def _email(self) -> str:
        return f"/api/v2/conversations/emails/{self.id}/participants/{self.participant}"

    @property
    def _general(self) -> str:
        return f"/api/v2/conversations/{self.id}/participants/{self.participant}"

    def _call(self, method: str, path: str, body: Any) -> None:
        """Again after an answer that was lost; what was refused then had been done already."""
        end = now() + PATIENCE
        again = False
        while True:
            try:
                self._agents.call(self.agent, method, path, body)
                return
            except OSError:
                pass
            except Refused as refusal:
                if refusal.status == 401:
                    self._agents.log_in(self.agent)
                elif refusal.status < 429:
                    if again:
                        return
                    raise NotToBeHad(f"{method} {path}: {refusal}") from refusal
            if now() > end:
                raise NotToBeHad(f"{method} {path}: no answer")
            again = True
            time.sleep(0.2)


class Agents:
    def __init__(self, sandbox: Sandbox, bridge: Bridge, book: Book, floor: Floor):
        self._sandbox, self._bridge, self._book, self.floor = sandbox, bridge, book, floor
        self.ids = sandbox.agents()
        self._tokens: dict[str, str] = {}
        for agent in self.ids:
            self.log_in(agent)

    def log_in(self, agent: str) -> None:
        self._tokens[agent] = _while_away(lambda: self._sandbox.log_in(agent))

    def call(self, agent: str, method: str, path: str, body: Any) -> Any:
        return call(
            self._sandbox.port, method, path, body, headers={"Authorization": f"Bearer {self._tokens[agent]}"})

    # At Genesys

    def alerted(self, thread: Thread, chance: random.Random, patience: float) -> Hold:
        """The thread's live conversation as it alerts an agent."""
        end = now() + patience
        agent = chance.choice(self.ids)
        while True:
            if live := self.floor.live(thread.key):
                try:
                    shown = self._sandbox.offer(live["id"], agent)
                    return Hold(self, thread, live["id"], shown["agentParticipantId"], agent)
                except (OSError, Refused):
                    pass  # It has ended meanwhile, or another agent has it.
            if now() > end:
                raise NotToBeHad(f"no conversation of {thread.key} waits")
            time.sleep(0.2)

    def take(self, thread: Thread, chance: random.Random, patience: float) -> Hold:
        """The thread's live conversation, with an agent who has accepted it."""
        end = now() + patience
        while True:
            hold = self.alerted(thread, chance, max(0, end - now()))
            try:
                hold.accept()
                return hold
            except NotToBeHad:
                if now() > end:
                    raise

    def let_ring(self, hold: Hold) -> None:
        try:
            _while_away(lambda: self._sandbox.let_ring(hold.id))
        except Refused as refusal:
            raise NotToBeHad(str(refusal)) from refusal

    def end_by_system(self, conversation: str) -> None:
        _while_away(lambda: self._sandbox.end_conversation(conversation))

    # At the bridge

    def reads(self, thread: Thread) -> str | None:
        """The newest of the customer's messages that an agent has before them."""
        asked = [
            line["id"] for line in self.order(thread, "GET", "")["messages"] if line["direction"] == "customer"]
        return asked[-1] if asked else None

    def answer(
        self, thread: Thread, hold: Hold | None, number: int, seen: str | None = None, repeats: bool = False
    ) -> Said:
        """Answers what is newest; reads again where the customer wrote meanwhile."""
        key = f"{thread.key}-a{number}"
        text = f"Answer {number} to {thread.key}: it is on its way."
        began = now()
        while True:
            seen = seen or self.reads(thread)
            body = {
                "body": text, "key": key, "seen": seen, "conversation": hold.id if hold else None,
                "agent": {"id": hold.agent if hold else self.ids[0], "name": "Sam Carter"}}
            try:
                answer = self.order(thread, "POST", "/answers", body)
                break
            except Refused as refusal:
                if refusal.status != 409 or "wrote again" not in refusal.body:
                    raise
                self._book.count("answers met by a newer question")
                seen = None
        said = Said("answer", answer["id"], key, text, began, now())
        self._book.note(thread, said)
        if repeats:
            again = self.order(thread, "POST", "/answers", body)
            if (again["id"], again["status"]) != (answer["id"], "duplicate"):
                raise AssertionError(f"an answer of {thread.key} sent again is {again}, not {answer}")
            self._book.count("answers sent twice with one key")
        return said

    def note(self, thread: Thread, hold: Hold, number: int) -> None:
        key, text, began = f"{thread.key}-n{number}", f"Note {number}: for colleagues only.", now()
        body = {"body": text, "key": key, "agent": {"id": hold.agent}}
        id = self.order(thread, "POST", "/notes", body)["id"]
        self._book.note(thread, Said("note", id, key, text, began, now()))

    def dismiss(self, thread: Thread, why: str) -> None:
        """Needs no answer; reads again where the customer wrote meanwhile."""
        while True:
            try:
                self.order(thread, "POST", "/dismiss", {"reason": why, "seen": self.reads(thread)})
                break
            except Refused as refusal:
                if refusal.status != 409 or "wrote again" not in refusal.body:
                    raise
        self._book.give_reason(thread, f"dismissed: {why}")

    def order(self, thread: Thread, method: str, verb: str, body: Any = None) -> Any:
        """Asked again while the daemon is away."""
        end = now() + PATIENCE
        while True:
            try:
                return call(self._bridge.ops, method, f"/threads/default/{thread.key}{verb}", body)
            except OSError:
                pass
            except Refused as refusal:
                if refusal.status < 500:
                    raise
            if now() > end:
                raise TimeoutError(f"{method} {verb} of {thread.key}: no answer within {PATIENCE} s")
            time.sleep(0.2)


def _while_away(order: Callable[[], Result]) -> Result:
    """Again while the sandbox refuses connections, as it is told to now and then."""
    end = now() + PATIENCE
    while True:
        try:
            return order()
        except OSError:
            if now() > end:
                raise
            time.sleep(0.2)
