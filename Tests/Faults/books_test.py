"""The oracle has to see every lie: true books, and one thing in them changed."""

import unittest
from typing import Any

from books import audit
from kind import DELIVERED


class Books:
    """Three messages of one thread, delivered; a shop, a bridge and a sandbox as `audit` reads them."""

    def __init__(self) -> None:
        self.accepted = {number: f"entry-{number}" for number in range(3)}
        self.book = [
            {"id": id, "state": "delivered", "reason": None, "reference": f"conversation-{id}"}
            for id in self.accepted.values()]
        self.there = [
            {"id": f"conversation-{id}", "toAddress": id, "subject": "Order",
             "attributes": {"bridge.thread": "thread", "number": str(number)}}
            for number, id in self.accepted.items()]
        self.tail: list[dict[str, Any]] = []

    def entries(self) -> list[dict[str, Any]]:
        return self.book

    def conversations(self) -> list[dict[str, Any]]:
        return self.there

    def changes(self) -> list[dict[str, Any]]:
        return self.tail

    def problems(self, may_mark: bool = False) -> str:
        return " ".join(audit(self, self, self, DELIVERED, may_mark).problems)  # type: ignore[arg-type]


class AuditTest(unittest.TestCase):
    def setUp(self) -> None:
        self.books = Books()

    def test_true_books(self) -> None:
        self.assertEqual(self.books.problems(), "")

    def test_an_accepted_message_without_an_entry(self) -> None:
        del self.books.book[1], self.books.there[1]
        self.assertIn("were accepted, but have no entry: entry-1", self.books.problems())

    def test_a_delivered_entry_without_its_conversation(self) -> None:
        del self.books.there[1]
        self.assertIn("have no conversation", self.books.problems())

    def test_a_conversation_without_an_entry(self) -> None:
        del self.books.accepted[2], self.books.book[2]
        self.assertIn("have a conversation, but no entry: entry-2", self.books.problems())

    def test_an_entry_that_was_not_accepted(self) -> None:
        del self.books.accepted[2]
        self.assertIn("no shop was told of: entry-2", self.books.problems())

    def test_a_state_that_is_not_allowed(self) -> None:
        for state in ("pending", "sending", "in_doubt", "held", "dead", "discarded"):
            books = Books()
            books.book[1]["state"] = state
            self.assertIn(f"are {state}", books.problems())

    def test_a_reference_to_another_conversation(self) -> None:
        self.books.book[1]["reference"] = "conversation-entry-2"
        self.assertIn("name a conversation of another: entry-1", self.books.problems())

    def test_a_duplicate_without_a_mark(self) -> None:
        self.books.there.append({**self.books.there[2], "id": "second"})
        self.assertIn("twice without a mark: entry-2", self.books.problems(may_mark=True))

    def test_a_duplicate_with_a_mark(self) -> None:
        attributes = self.books.there[2]["attributes"] | {"bridge.possible_duplicate": "true"}  # type: ignore
        self.books.there.append({
            **self.books.there[2], "id": "second", "subject": "[possible duplicate] Order",
            "attributes": attributes})
        self.assertEqual(self.books.problems(may_mark=True), "")
        self.assertIn("twice, with a mark: entry-2", self.books.problems())

    def test_one_message_under_two_ids(self) -> None:
        self.books.there[2]["attributes"]["number"] = "1"  # type: ignore[index]
        self.assertIn("the same message under another id: entry-2", self.books.problems())

    def test_the_order_of_a_thread(self) -> None:
        self.books.there[0], self.books.there[1] = self.books.there[1], self.books.there[0]
        self.assertIn("out of their thread's order: entry-0", self.books.problems())

    def test_an_entry_that_was_held_and_let_go(self) -> None:
        self.books.tail = [
            {"entry": "entry-1", "state": state, "actor": None, "reason": None} for state in ("held", "pending")]
        self.assertIn("were held", self.books.problems())


if __name__ == "__main__":
    unittest.main()
