"""The oracle has to see what is wrong, and nothing where all is well."""

import json
import unittest
from typing import Any

from audit import Audit, Evidence, audit
from book import Book, Said
from calls_per_message import Calls
from receiver import Callback


class World:
    """A thread that was asked once and answered once, and what each book has of it."""

    def __init__(self) -> None:
        self.book = Book()
        self.thread = self.book.open("t", "answered")
        self.book.note(self.thread, Said("customer", "01", "t-m1", "Where?", 1, 2))
        self.book.note(self.thread, Said("answer", "02", "t-a1", "There.", 3, 4))
        self.callbacks = [self.reply()]
        self.conversations = [self.conversation("c1", "2026-01-01T00:00:00.000Z", "2026-01-01T00:01:00.000Z")]
        self.journal = [self.create("01")]
        self.concerns: list[dict[str, Any]] = []
        self.lines = [
            {"id": "01", "direction": "customer", "body": "Where?"},
            {"id": "02", "direction": "staff", "body": "There."}]
        self.dead: set[str] = set()
        self.given_up: set[str] = set()
        self.held: set[str] = set()
        self.forgotten = 0

    @staticmethod
    def reply(id: str = "evt_02", status: int = 200, text: str = "There.", asked: str = "t-m1") -> Callback:
        event = {"data": {"reply": {"id": "02", "body": text}, "in_reply_to": {"event_id": asked}}}
        return Callback(id, "agent.reply", "t", event, status, status == 200)

    @staticmethod
    def conversation(id: str, began: str, ended: str | None) -> dict[str, Any]:
        return {
            "id": id, "attributes": {"bridge.thread": "t"}, "state": "ended" if ended else "queued",
            "createdAt": began, "endedAt": ended}

    @staticmethod
    def create(last: str, path: str = "/api/v2/conversations/emails", **more: str) -> dict[str, Any]:
        attributes = {"bridge.thread": "t", "bridge.last": last} | more
        return {
            "method": "POST", "path": path, "token": "demo#1", "applied": True,
            "requestBody": json.dumps({"attributes": attributes})}

    def judge(self) -> Audit:
        return audit(Evidence(
            self.book, self.callbacks, self.conversations, self.journal, self.concerns,
            {"t": {"messages": self.lines}}, self.dead, self.given_up, self.held, self.forgotten))


class AuditTest(unittest.TestCase):
    def setUp(self) -> None:
        self.world = World()

    def finds(self, text: str) -> None:
        problems = self.world.judge().problems
        self.assertTrue(any(text in problem for problem in problems), problems)

    def test_nothing_is_wrong(self) -> None:
        result = self.world.judge()
        self.assertEqual(result.problems, [])
        self.assertEqual(result.fates, {"answered": 1})

    def test_an_answer_to_an_older_question_is_none(self) -> None:
        self.world.book.note(self.world.thread, Said("customer", "03", "t-m2", "And now?", 5, 6))
        self.world.lines.append({"id": "03", "direction": "customer", "body": "And now?"})
        self.world.journal.append(self.world.create("03", "/api/v2/conversations/emails/c1/inboundmessages"))
        self.finds("customers have nobody")
        self.world.concerns = [{"kind": "unanswered", "thread": "t", "entry": None}]
        self.finds("their shop was not told")
        self.world.callbacks.append(Callback(
            "evt_e", "conversation.ended", "t", {"data": {"answered": False}}, 200, True))
        self.assertEqual(self.world.judge().problems, [])
        self.assertEqual(self.world.judge().fates, {"waiting, on the list": 1})
        self.world.concerns = []
        self.world.book.give_reason(self.world.thread, "dismissed")
        self.assertEqual(self.world.judge().fates, {"reasoned": 1})
        self.world.thread.reasons = [("dismissed", "01")]
        self.finds("customers have nobody")

    def test_a_live_conversation_is_somebody(self) -> None:
        self.world.callbacks = []
        self.finds("customers have nobody")
        self.finds("answers neither reached the shop")
        self.world.conversations[0] |= {"state": "queued", "endedAt": None}
        self.assertEqual(self.world.judge().fates, {"waiting, in a conversation": 1})

    def test_a_held_message_is_for_a_person_to_decide(self) -> None:
        self.world.book.note(self.world.thread, Said("customer", "03", "t-m2", "And now?", 5, 6))
        self.world.lines.append({"id": "03", "direction": "customer", "body": "And now?"})
        self.finds("customers have nobody")
        self.finds("no agent was shown")
        self.world.held = {"t"}
        self.assertEqual(self.world.judge().problems, [])
        self.assertEqual(self.world.judge().fates, {"waiting, for a person to decide": 1})

    def test_an_answer_under_two_ids(self) -> None:
        self.world.callbacks.append(self.world.reply("evt_09"))
        self.finds("came under two ids")

    def test_an_answer_in_other_words(self) -> None:
        self.world.callbacks = [self.world.reply(text="Elsewhere.")]
        self.finds("in other words")

    def test_a_refused_answer_is_on_the_list(self) -> None:
        self.world.callbacks = [self.world.reply(status=422)]
        self.world.dead = {"02"}
        self.finds("answers are dead, but not on the list")
        self.finds("answers neither reached the shop")
        self.world.concerns = [{"kind": "refused", "thread": "t", "entry": "02"}]
        self.assertEqual(self.world.judge().problems, [])

    def test_a_transcript_without_an_answer(self) -> None:
        del self.world.lines[1]
        self.finds("transcripts are not what was said")

    def test_a_transcript_with_a_note(self) -> None:
        self.world.book.note(self.world.thread, Said("note", "03", "t-n1", "Hm.", 5, 6))
        self.assertEqual(self.world.judge().problems, [])
        self.world.lines.append({"id": "03", "direction": "note", "body": "Hm."})
        self.finds("transcripts are not what was said")

    def test_ids_against_the_order_of_speech(self) -> None:
        self.world.thread.said = [
            Said("customer", "01", "t-m1", "Where?", 3, 4), Said("answer", "02", "t-a1", "There.", 1, 2)]
        self.finds("not in the order")

    def test_two_conversations_at_once(self) -> None:
        self.world.conversations.append(self.world.conversation("c2", "2026-01-01T00:00:30.000Z", None))
        self.finds("beside another of their thread")
        self.finds("do not say that they go on")
        self.world.conversations[1]["attributes"]["bridge.reopened"] = "1"
        self.world.conversations[1]["attributes"]["bridge.possible_duplicate"] = "true"
        self.assertEqual(self.world.judge().problems, [])

    def test_a_message_twice(self) -> None:
        self.world.journal.append(self.world.create("01"))
        self.finds("something twice")

    def test_a_message_behind_a_later_one(self) -> None:
        self.world.journal = [self.world.create("05"), self.world.create("01")]
        self.finds("out of order")

    def test_a_message_that_no_agent_saw(self) -> None:
        self.world.journal = []
        self.finds("no agent was shown")

    def test_a_forgotten_customer(self) -> None:
        self.world.forgotten = 1
        self.finds("forgotten by the daemon's own count")

    def test_too_many_calls(self) -> None:
        tag = {"method": "PUT", "path": "/api/v2/conversations/c/tags", "token": "demo#1", "applied": True}
        self.world.journal += [tag] * 3
        self.finds("calls a message")


class CallsTest(unittest.TestCase):
    def test_an_agents_finish_counts_and_their_other_calls_do_not(self) -> None:
        path = "/api/v2/conversations/emails/c/participants/p"
        calls = [
            {"method": "PATCH", "path": path, "token": "demo-widget#1", "requestBody": f'{{"state": "{state}"}}'}
            for state in ("connected", "disconnected")]
        self.assertEqual([Calls.kind(call) for call in calls], ["agents' own", "finish"])

    def test_looks_are_left_out(self) -> None:
        looks = [
            {"method": "GET", "path": "/api/v2/conversations/c", "token": "demo#1"},
            {"method": "POST", "path": "/api/v2/analytics/conversations/details/query", "token": "demo#1"}]
        self.assertEqual(Calls(looks, 1).per_message, 0)


if __name__ == "__main__":
    unittest.main()
