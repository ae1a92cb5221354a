"""Every state in which there is nothing to show, or nothing to do, says what is wrong and what helps."""

import re
import unittest
from typing import Any, ClassVar

from case import Case, answer, delivery, mark, message
from playwright.sync_api import Route, expect


class Troubles(Case):
    def test_an_address_without_a_conversation_names_what_is_wrong_with_it(self) -> None:
        page = self.agent().page
        for value in ("", "not-a-uuid", "{{gcConversationId}}", "<script>window.owned=1</script>", "../../session"):
            page.goto(f"{self.scene.origin}/widget?conversationId={value}")
            expect(mark(page, "trouble-address")).to_contain_text("conversationId={{gcConversationId}}")
            self.assertIsNone(page.evaluate("window.owned"))

    def test_an_interaction_of_another_kind_is_not_the_bridges_to_show(self) -> None:
        page = self.agent().page
        page.goto(self.scene.widget("11111111-2222-4333-8444-555555555555"))
        expect(mark(page, "trouble-not_found")).to_contain_text("shown by Genesys itself")

    def test_older_names_of_the_tokens_are_understood(self) -> None:
        _, conversation = self.taken()
        page = self.agent().page
        page.goto(f"{self.scene.origin}/widget?pcConversationId={conversation}&pcLangTag=de")
        expect(mark(page, "view")).to_be_visible()
        expect(page.locator("html")).to_have_attribute("lang", "de")

    def test_a_page_that_finds_genesys_away_comes_to_life_by_itself(self) -> None:
        _, conversation = self.taken()
        page = self.agent().page
        page.goto(self.scene.widget(None))
        expect(mark(page, "trouble-no_supervisor")).to_be_visible()
        self.scene.sandbox.plan({"on": "read", "do": "status", "status": 503, "times": 0})
        self.addCleanup(self.scene.sandbox.clear)
        page.goto(self.scene.widget(conversation))
        expect(mark(page, "trouble-unavailable")).to_contain_text("tries again by itself")
        self.scene.sandbox.clear()
        mark(page, "retry-now").click()
        expect(message(page, "Where is my parcel?")).to_be_visible()

    def test_an_ended_conversation_can_be_read_and_not_written_in(self) -> None:
        thread, conversation = self.taken()
        page = self.open(conversation)
        mark(page, "text-answer").fill("Too late")
        expect(mark(page, "saved-answer")).to_have_text("Draft saved")
        self.scene.sandbox.end_conversation(conversation)
        expect(mark(page, "read-only")).to_contain_text("has ended")
        expect(mark(page, "unsent")).to_have_value("Too late")
        expect(mark(page, "send-answer")).to_be_hidden()
        self.assertEqual(self.answers(thread), [])
        # What is being selected to be copied is left alone.
        mark(page, "unsent").evaluate("it => it.setSelectionRange(0, 3)")
        with page.expect_response(re.compile(rf"/conversations/{conversation}$")):
            page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        self.assertEqual(mark(page, "unsent").evaluate("it => [it.isConnected, it.selectionEnd]"), [True, 3])

    def test_who_handed_a_conversation_on_is_not_told_that_it_ended(self) -> None:
        _, conversation = self.taken()
        page = self.agent().page

        def hand_on(route: Route) -> None:
            shown = route.fetch()
            may = {name: False for name in shown.json()["may"]}
            route.fulfill(response=shown, json=shown.json() | {"may": may, "why": "handed_on"})

        page.route(re.compile(rf"/conversations/{conversation}$"), hand_on)
        page.goto(self.scene.widget(conversation))
        expect(mark(page, "read-only")).to_contain_text("You no longer have this conversation")
        expect(mark(page, "finish")).to_have_count(0)

    def test_whoever_is_still_asked_reads_but_does_not_write(self) -> None:
        thread = self.scene.post("Where is my parcel?")
        conversation = self.scene.conversation(thread)
        self.scene.sandbox.offer(conversation, "5a6b0c1e-0000-4000-8000-000000000001")
        page = self.open(conversation)
        expect(message(page, "Where is my parcel?")).to_be_visible()
        expect(mark(page, "read-only")).to_contain_text("as soon as you have accepted")
        self.scene.sandbox.act(conversation, "5a6b0c1e-0000-4000-8000-000000000001", {"state": "connected"})
        expect(mark(page, "text-answer")).to_be_visible()


class Stops(Case):
    """With a key for the sessions, so that a login outlives a restart of the bridge."""

    settings: ClassVar[dict[str, Any]] = {"widget.sessionKeys": ["AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="]}

    def setUp(self) -> None:
        if not self.scene.bridge.is_ready():
            self.scene.bridge.start()

    def test_a_bridge_that_was_killed_and_is_back_is_worked_with_on(self) -> None:
        thread, conversation = self.taken()
        page = self.open(conversation)
        mark(page, "text-answer").fill("Before the st")
        expect(mark(page, "saved-answer")).to_have_text("Draft saved")
        self.scene.bridge.kill()
        expect(mark(page, "live")).to_contain_text("Reconnecting")
        mark(page, "text-answer").fill("After the stop.")
        expect(page.locator("#announcer")).to_have_text("Draft not saved yet")
        mark(page, "send-answer").click()
        expect(mark(page, "notice-send")).to_contain_text("cannot be sent twice")
        self.scene.bridge.start()
        expect(mark(page, "live")).to_be_hidden(timeout=45_000)
        mark(page, "send-again").click()
        delivery(page, "After the stop.", "delivered")
        self.assertEqual(self.answers(thread), ["After the stop."])

    def test_a_page_without_a_bridge_waits_for_it(self) -> None:
        _, conversation = self.taken()
        page = self.open(conversation)
        page.route("**/widget/api/session", lambda route: route.abort())
        page.reload()
        expect(mark(page, "trouble-offline")).to_be_visible()
        page.unroute("**/widget/api/session")
        mark(page, "retry-now").click()
        answer(page, "Here again.")
        delivery(page, "Here again.", "delivered")

    def test_a_draft_outlives_the_page_and_the_bridge(self) -> None:
        _, conversation = self.taken()
        page = self.open(conversation)
        mark(page, "text-answer").fill("Half a sentence")
        expect(mark(page, "saved-answer")).to_have_text("Draft saved")
        self.scene.bridge.restart()
        again = self.open(conversation)
        expect(mark(again, "text-answer")).to_have_value("Half a sentence")


if __name__ == "__main__":
    unittest.main()
