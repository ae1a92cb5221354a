"""What is begun and not sent yet: in two windows of one agent, and from one agent to the next."""

import re
import unittest
from collections.abc import Callable

from case import ROBIN, SAM, Case, delivery, mark
from playwright.sync_api import Locator, Page, Route, expect


def write_elsewhere(page: Page, conversation: str, body: str) -> None:
    """Keeps a draft as another window of the same agent does."""
    page.evaluate(
        """([path, body]) => fetch(path, {
          method: 'PUT', headers: { 'X-Bridge': '1', 'Content-Type': 'application/json' },
          body: JSON.stringify({ kind: 'answer', body, files: [] }),
        })""", [f"/widget/api/conversations/{conversation}/draft", body])


def come_to(page: Page) -> None:
    """As whoever goes on working in that window."""
    page.evaluate("dispatchEvent(new Event('focus'))")


class Drafts(Case):
    def left(self, draft: str) -> tuple[str, str, Page]:
        """A thread whose conversation Sam handed to Robin with a draft in it, the conversation, and Sam's tab."""
        thread, conversation = self.taken("My teapot leaks.", SAM)
        his = self.open(conversation, SAM)
        mark(his, "text-answer").fill(draft)
        expect(mark(his, "saved-answer")).to_have_text("Draft saved")
        self.scene.sandbox.transfer(conversation, SAM, ROBIN)
        return thread, conversation, his

    def left_beside_her_own(self) -> tuple[str, Page, Locator]:
        """A thread in which Robin has begun an answer as Sam leaves one, her tab, and what it says of his."""
        thread, conversation = self.taken("My teapot leaks.", SAM)
        his = self.open(conversation, SAM)
        self.scene.sandbox.transfer(conversation, SAM, ROBIN)
        hers = self.open(conversation, ROBIN)
        mark(hers, "text-answer").fill("I see to it.")
        expect(mark(hers, "saved-answer")).to_have_text("Draft saved")
        mark(his, "read-only").wait_for()
        write_elsewhere(his, conversation, "A new teapot is on its way.")
        come_to(hers)
        return thread, hers, mark(hers, f"notice-left-answer-{SAM}")

    def test_a_draft_outlives_the_tab_of_whoever_hands_the_conversation_on(self) -> None:
        thread = self.scene.post("My teapot leaks.")
        conversation = self.scene.give(thread, SAM)
        his = self.open(conversation, SAM)
        mark(his, "text-answer").fill("A new teapot is on its")
        expect(mark(his, "saved-answer")).to_have_text("Draft saved")
        his.close()
        self.scene.sandbox.transfer(conversation, SAM, ROBIN)
        hers = self.open(conversation, ROBIN)
        expect(mark(hers, "text-answer")).to_have_value("A new teapot is on its")
        expect(mark(hers, f"notice-left-answer-{SAM}")).to_contain_text("Sam Carter")

    def test_a_draft_that_is_gone_before_it_is_taken_over_is_not_missed_aloud(self) -> None:
        _, conversation, his = self.left("A new teapot is on its")
        visit = self.agent(ROBIN)

        def empty_before(route: Route) -> None:
            write_elsewhere(his, conversation, "")
            route.continue_()

        visit.page.route("**/draft/take", empty_before)
        with visit.page.expect_response("**/draft/take") as refused:
            visit.page.goto(self.scene.widget(conversation))
        self.assertEqual(refused.value.status, 409)
        mark(visit.page, "text-answer").fill("I see to it.")
        expect(mark(visit.page, "saved-answer")).to_have_text("Draft saved")
        expect(mark(visit.page, "notices")).to_be_empty()

    def test_a_draft_whose_taking_over_failed_is_taken_over_later(self) -> None:
        _, conversation, _ = self.left("A new teapot is on its")
        hers = self.agent(ROBIN).page
        hers.route("**/draft/take", lambda it: it.abort(), times=1)
        with hers.expect_event("requestfailed", lambda it: it.url.endswith("/take")):
            hers.goto(self.scene.widget(conversation))
        come_to(hers)
        expect(mark(hers, "text-answer")).to_have_value("A new teapot is on its")
        expect(mark(hers, f"notice-left-answer-{SAM}")).to_contain_text("taken over")

    def test_a_draft_is_taken_over_behind_what_the_agent_has_begun(self) -> None:
        _, hers, left = self.left_beside_her_own()
        left.get_by_test_id("take").click()
        expect(mark(hers, "text-answer")).to_have_value("I see to it.\n\nA new teapot is on its way.")
        expect(left).to_contain_text("added after yours")
        mark(hers, "send-answer").click()
        delivery(hers, "A new teapot is on its way.", "delivered")
        expect(mark(hers, "text-answer")).to_have_value("")

    def test_another_window_goes_on_with_the_same_draft_and_sends_nothing_twice(self) -> None:
        thread, conversation = self.taken()
        one = self.open(conversation)
        other = self.open(conversation)
        for here, there, text in ((one, other, "It left"), (other, one, "It left on Monday.")):
            mark(here, "text-answer").fill(text)
            expect(mark(here, "saved-answer")).to_have_text("Draft saved")
            come_to(there)
            expect(mark(there, "text-answer")).to_have_value(text)
        mark(one, "send-answer").click()
        delivery(one, "It left on Monday.", "delivered")
        expect(mark(other, "text-answer")).to_have_value("")
        self.assertEqual(self.answers(thread), ["It left on Monday."])

    def test_a_window_beside_this_one_shows_what_is_kept_as_soon_as_it_is(self) -> None:
        _, conversation = self.taken()
        one = self.open(conversation)
        other = one.context.new_page()
        other.goto(self.scene.widget(conversation))
        expect(mark(other, "view")).to_be_visible()
        mark(one, "text-answer").fill("It left on Monday.")
        expect(mark(other, "text-answer")).to_have_value("It left on Monday.")

    def test_what_is_sent_while_a_draft_is_taken_over_waits_for_it(self) -> None:
        thread, conversation, _ = self.left("A new teapot is on its way.")
        hers = self.agent(ROBIN).page

        def send_meanwhile(route: Route) -> None:
            mark(hers, "text-answer").fill("Hi.")
            hers.keyboard.press("Control+Enter")
            route.continue_()

        hers.route("**/draft/take", send_meanwhile, times=1)
        hers.goto(self.scene.widget(conversation))
        both = "Hi.\n\nA new teapot is on its way."
        expect(mark(hers, "text-answer")).to_have_value(both)
        expect(mark(hers, "saved-answer")).to_have_text("Draft saved")
        self.assertEqual(len(self.scene.bridge.thread(thread)["messages"]), 1)
        mark(hers, "send-answer").click()
        delivery(hers, "A new teapot is on its way.", "delivered")
        self.assertEqual(self.answers(thread), [both])

    def test_what_is_finished_while_a_draft_is_taken_over_waits_for_it(self) -> None:
        thread, conversation, _ = self.left("Not for the customer yet")
        hers = self.agent(ROBIN).page

        def finish_meanwhile(route: Route) -> None:
            mark(hers, "text-answer").fill("Bye.")
            mark(hers, "send-finish").click()
            mark(hers, "wrap-up").wait_for()
            route.continue_()

        hers.route("**/draft/take", finish_meanwhile, times=1)
        hers.goto(self.scene.widget(conversation))
        both = "Bye.\n\nNot for the customer yet"
        expect(mark(hers, "text-answer")).to_have_value(both)
        mark(hers, "wrap-up").select_option(label="Resolved")
        # Whatever came of it, the page reads then how things stand.
        with hers.expect_response(re.compile(rf"/conversations/{conversation}$")):
            mark(hers, "confirm-finish").click()
        expect(mark(hers, "send-finish")).to_be_enabled()
        expect(mark(hers, "text-answer")).to_have_value(both)
        self.assertEqual(len(self.scene.bridge.thread(thread)["messages"]), 1)

    def test_a_draft_that_is_taken_over_while_ones_own_is_kept_waits_for_that(self) -> None:
        thread, hers, left = self.left_beside_her_own()

        def send_meanwhile(route: Route) -> None:
            left.get_by_test_id("take").click()
            mark(hers, "send-answer").click()
            route.continue_()

        hers.route("**/draft", send_meanwhile, times=1)
        mark(hers, "text-answer").fill("I see to it!")
        both = "I see to it!\n\nA new teapot is on its way."
        expect(mark(hers, "text-answer")).to_have_value(both)
        expect(mark(hers, "send-answer")).to_be_enabled()
        self.assertEqual(len(self.scene.bridge.thread(thread)["messages"]), 1)

    def reading_late(self, tab: Page, conversation: str, meanwhile: Callable[[], None]) -> None:
        """What the tab reads next is of before something happened; its title says when it has come."""
        waits = [meanwhile]

        def late(route: Route) -> None:
            shown = route.fetch()
            if waits:
                waits.pop()()
            read = shown.json()
            read["thread"]["subject"] = "Read before"
            route.fulfill(response=shown, json=read)

        tab.route(re.compile(rf"/conversations/{conversation}$"), late)

    def test_what_is_typed_while_a_draft_comes_stays(self) -> None:
        _, conversation = self.taken()
        tab = self.open(conversation)
        mark(tab, "text-answer").fill("It left")
        expect(mark(tab, "saved-answer")).to_have_text("Draft saved")

        def type_on() -> None:
            mark(tab, "text-answer").fill("It left on Monday.")
            expect(mark(tab, "saved-answer")).to_have_text("Draft saved")

        self.reading_late(tab, conversation, type_on)
        come_to(tab)
        expect(mark(tab, "title")).to_have_text("Read before")
        self.assertEqual(mark(tab, "text-answer").input_value(), "It left on Monday.")

    def test_what_is_kept_only_while_a_draft_comes_stays(self) -> None:
        _, conversation = self.taken()
        tab = self.open(conversation)
        saved = mark(tab, "saved-answer")
        self.reading_late(tab, conversation, lambda: expect(saved).to_have_text("Draft saved"))
        mark(tab, "text-answer").evaluate(
            """(it) => {
              it.value = 'It left.';
              it.dispatchEvent(new Event('input', { bubbles: true }));
              dispatchEvent(new Event('focus'));
            }""")
        expect(mark(tab, "title")).to_have_text("Read before")
        self.assertEqual(mark(tab, "text-answer").input_value(), "It left.")


if __name__ == "__main__":
    unittest.main()
