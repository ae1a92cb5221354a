"""The oracle: compares the script's own book with what the shop received, what the bridge shows, and Genesys."""

import dataclasses
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

from book import Book, Said, Thread
from calls_per_message import Calls
from receiver import Callback

Conversation = dict[str, Any]


@dataclasses.dataclass(frozen=True)
class Evidence:
    book: Book
    callbacks: list[Callback]
    #: Oldest first.
    conversations: list[Conversation]
    journal: list[dict[str, Any]]
    concerns: list[dict[str, Any]]
    #: By the thread's key, as `GET /v1/threads/{key}` shows them to the shop.
    transcripts: dict[str, dict[str, Any]]
    #: Entries, by their ids.
    dead: set[str]
    given_up: set[str]
    #: The threads with a message of which a person has to say whether it arrived.
    held: set[str]
    #: By the daemon's own census.
    forgotten: int

    @property
    def threads(self) -> Iterable[Thread]:
        return self.book.threads.values()

    def replies(self) -> list[Callback]:
        return [one for one in self.callbacks if one.type == "agent.reply"]


@dataclasses.dataclass
class Audit:
    """What came of all threads, and everything that is wrong with it."""

    fates: Counter[str] = dataclasses.field(default_factory=Counter)
    messages: int = 0
    answers: int = 0
    calls: Calls | None = None
    forgotten: int = 0
    problems: list[str] = dataclasses.field(default_factory=list)

    def blame(self, what: str, which: Iterable[str]) -> None:
        if found := sorted(which):
            self.problems.append(f"{len(found)} {what}: {', '.join(found[:3])}")


def audit(evidence: Evidence) -> Audit:
    result = Audit(forgotten=evidence.forgotten)
    result.messages = sum(len(thread.of("customer")) for thread in evidence.threads)
    result.answers = sum(len(thread.of("answer")) for thread in evidence.threads)
    _judge_fates(result, evidence)
    _judge_told(result, evidence)
    _judge_answers(result, evidence)
    _judge_transcripts(result, evidence)
    _judge_deliveries(result, evidence)
    result.calls = Calls(evidence.journal, result.messages)
    if not result.calls.within_bar:
        result.problems.append(f"{result.calls.per_message:.2f} calls a message are more than {Calls.BAR}")
    if evidence.forgotten:
        result.problems.append(f"{evidence.forgotten} customers are forgotten by the daemon's own count")
    return result


# 1. Everybody is answered, waits for somebody, or has a reason.


def _judge_fates(result: Audit, evidence: Evidence) -> None:
    answered = {
        (one.thread, one.event["data"]["in_reply_to"]["event_id"]) for one in evidence.replies() if one.kept}
    live = {_thread(one) for one in evidence.conversations if one["state"] != "ended"}
    concerned = {one["thread"] for one in evidence.concerns}
    alone = []
    for thread in evidence.threads:
        question = thread.question
        if question is None:
            fate = "never wrote"
        elif (thread.key, question.key) in answered:
            fate = "answered"
        elif any(asked >= question.id for _, asked in thread.reasons):
            fate = "reasoned"
        elif thread.key in live:
            fate = "waiting, in a conversation"
        elif thread.key in concerned:
            fate = "waiting, on the list"
        elif thread.key in evidence.held:
            fate = "waiting, for a person to decide"
        else:
            fate = "nobody has them"
            alone.append(f"{thread.key} ({thread.story})")
        result.fates[fate] += 1
    result.blame("customers have nobody", alone)


def _judge_told(result: Audit, evidence: Evidence) -> None:
    """Of who is on the list since a conversation ended, the shop was told that its end left no answer."""
    told = {
        one.thread for one in evidence.callbacks
        if one.kept and one.type == "conversation.ended" and one.event["data"]["answered"] is False}
    seen = {_thread(one) for one in evidence.conversations}
    # Whose answer was given up had one when the conversation ended.
    refused = {one.thread for one in evidence.replies() if one.status == 422}
    listed = {one["thread"] for one in evidence.concerns if one["kind"] == "unanswered"}
    result.blame("customers are on the list, and their shop was not told", listed & seen - refused - told)


# 2. Each answer reached the shop once, or a person knows why not.


def _judge_answers(result: Audit, evidence: Evidence) -> None:
    ids: dict[str, set[str]] = defaultdict(set)
    kept: dict[str, set[str]] = defaultdict(set)
    texts: dict[str, str] = {}
    for one in evidence.replies():
        reply = one.event["data"]["reply"]
        ids[reply["id"]].add(one.id)
        texts[reply["id"]] = reply["body"]
        if one.kept:
            kept[reply["id"]].add(one.id)
    known = {said.id: said for thread in evidence.threads for said in thread.of("answer")}
    listed = {f"evt_{one['entry']}" for one in evidence.concerns if one["kind"] == "refused"}
    given_up = {f"evt_{entry}" for entry in evidence.given_up}
    result.blame("answers came under two ids", [id for id, all in ids.items() if len(all) > 1])
    result.blame("answers came that nobody wrote", ids.keys() - known.keys())
    result.blame("answers came in other words", [
        id for id, text in texts.items() if id in known and known[id].text != text])
    result.blame("answers neither reached the shop nor are on the list nor given up", [
        id for id in known if not kept[id] and not ids[id] & (listed | given_up)])
    result.blame("answers are dead, but not on the list", [
        entry for entry in evidence.dead if f"evt_{entry}" not in listed
        and any(f"evt_{entry}" in all for all in ids.values())])


# 3. Transcripts are complete and in order.


def _judge_transcripts(result: Audit, evidence: Evidence) -> None:
    wrong, disordered = [], []
    for thread in evidence.threads:
        lines = evidence.transcripts[thread.key]["messages"]
        shown = [(line["id"], line["direction"], line["body"]) for line in lines]
        said = thread.of("customer", "answer")
        expected = [(one.id, "staff" if one.kind == "answer" else "customer", one.text) for one in said]
        if shown != expected:
            wrong.append(f"{thread.key} ({thread.story}) shows {len(shown)} of {len(expected)}")
        if _is_disordered(said):
            disordered.append(thread.key)
    result.blame("transcripts are not what was said", wrong)
    result.blame("transcripts are not in the order in which it was said", disordered)


def _is_disordered(said: list[Said]) -> bool:
    """What was begun after something else was accepted stands behind it."""
    latest = 0.0
    for one in said:
        if one.ended < latest:
            return True
        latest = max(latest, one.began)
    return False


# 4. Nothing was delivered twice, or out of order.


def _judge_deliveries(result: Audit, evidence: Evidence) -> None:
    result.blame("conversations lived beside another of their thread, without a mark", _doubles(evidence))
    result.blame("conversations do not say that they go on with another", [
        one["id"] for one in _further(evidence) if "bridge.reopened" not in one["attributes"]])
    steps: dict[str, list[tuple[str, bool]]] = defaultdict(list)
    for call in evidence.journal:
        if call["applied"] and (attributes := _attributes(call)):
            if last := attributes.get("bridge.last"):
                steps[attributes["bridge.thread"]].append((last, _is_marked(attributes)))
    back, twice = [], []
    for key, given in steps.items():
        for (before, _), (last, marked) in zip(given, given[1:]):
            if last < before:
                back.append(key)
            if last == before and not marked:
                twice.append(key)
    result.blame("threads were delivered out of order", back)
    result.blame("threads were delivered something twice without a mark", twice)
    concerned = {one["thread"] for one in evidence.concerns}
    result.blame("threads have a message that no agent was shown, and no reason for it", [
        thread.key for thread in evidence.threads
        if thread.question and thread.key not in concerned | evidence.held and not thread.reasons
        and max((last for last, _ in steps[thread.key]), default="") < thread.question.id])


def _further(evidence: Evidence) -> list[Conversation]:
    """All but the first of each thread."""
    by_thread: dict[str, list[Conversation]] = defaultdict(list)
    for one in evidence.conversations:
        by_thread[_thread(one)].append(one)
    return [one for all in by_thread.values() for one in all[1:]]


def _doubles(evidence: Evidence) -> list[str]:
    found = []
    last: dict[str, Conversation] = {}
    for one in evidence.conversations:
        before = last.get(_thread(one))
        overlaps = before is not None and (
            before.get("endedAt") is None or before["endedAt"] > one["createdAt"])
        if before and overlaps and not any(_is_marked(each["attributes"]) for each in (before, one)):
            found.append(f"{one['id']} of {_thread(one)}")
        last[_thread(one)] = one
    return found


def _attributes(call: dict[str, Any]) -> dict[str, str] | None:
    return Calls.body(call).get("attributes") if Calls.kind(call) in ("create", "join") else None


def _is_marked(attributes: dict[str, str]) -> bool:
    return attributes.get("bridge.possible_duplicate") == "true"


def _thread(conversation: Conversation) -> str:
    return str(conversation["attributes"].get("bridge.thread", ""))
