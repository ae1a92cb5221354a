"""From the customer's question to the answer in the shop, with everything in between."""

import re
import unittest
from typing import Any, ClassVar

from calls import call
from case import ROBIN, SAM, Case, View, answer, delivery, mark, message
from machine import until
from playwright.sync_api import Page, Route, expect
from scene import Visit

RESOLVED = "7c8d0c1e-0000-4000-8000-000000000001"


def write(shop: Page, text: str) -> None:
    shop.fill("#text", text)
    shop.click("#send")


def row(desk: Visit, conversation: str) -> str:
    return f'.interaction[data-conversation="{conversation}"]'


def widget(desk: Visit, conversation: str) -> View:
    return desk.page.frame_locator(f'iframe[data-app="{conversation}"]')


class Round(Case):
    def test_a_customer_is_answered_from_the_shop_to_the_desk_and_back(self) -> None:
        shop = self.visit().page
        shop.goto(f"{self.scene.desk_origin}/shop")
        write(shop, "Where is my teapot?")
        expect(shop.locator("#thread")).to_contain_text("Your message waits for an agent")
        conversation = self.scene.conversation("order-1042")
        desk = self.agent()
        desk.page.check("#on-queue")
        desk.page.click(f'{row(desk, conversation)} [data-act="accept"]')
        tab = widget(desk, conversation)
        # The login happened in the frame, of another site, without a question.
        framed = re.compile(re.escape(self.scene.origin))
        expect(desk.page.locator("iframe")).to_have_attribute("src", framed)
        expect(message(tab, "Where is my teapot?")).to_be_visible()
        expect(mark(tab, "order")).to_contain_text("#1042")
        expect(mark(tab, "order")).to_contain_text("Cast-iron teapot")
        expect(desk.page.locator("#hook")).to_be_empty()
        answer(tab, "It is with your neighbour.")
        expect(shop.locator("#thread .reply")).to_contain_text("It is with your neighbour.")
        expect(shop.locator("#thread .reply")).to_contain_text("Sam ·")
        delivery(tab, "It is with your neighbour.", "delivered")
        mark(tab, "text-answer").fill("Have a good day.")
        mark(tab, "send-finish").click()
        mark(tab, "wrap-up").select_option(label="Resolved")
        mark(tab, "confirm-finish").click()
        # What is finished with a code leaves the desk, and its tab stops when it is told to.
        expect(desk.page.locator(row(desk, conversation))).to_have_count(0)
        expect(desk.page.locator("iframe")).to_have_count(0)
        expect(desk.page.locator("#toasts")).not_to_contain_text("did not say")
        expect(shop.locator("#thread")).to_contain_text("Have a good day.")
        ended = [one for one in self.scene.sandbox.conversations() if one["id"] == conversation][0]
        self.assertEqual((ended["state"], ended["wrapupCode"]), ("ended", RESOLVED))

    def test_two_agents_in_a_row_lose_nothing(self) -> None:
        thread = self.scene.post("My lamp came broken.")
        conversation = self.scene.conversation(thread)
        sam, robin = self.agent(SAM), self.agent(ROBIN)
        self.scene.sandbox.offer(conversation, SAM)
        sam.page.click(f'{row(sam, conversation)} [data-act="accept"]')
        his = widget(sam, conversation)
        answer(his, "I am sorry. Was the box broken too?")
        mark(his, "tab-note").click()
        mark(his, "text-note").fill("Third broken lamp this week.")
        mark(his, "send-note").click()
        expect(message(his, "Third broken lamp this week.")).to_be_visible()
        mark(his, "tab-answer").click()
        mark(his, "text-answer").fill("A new lamp is on its")
        expect(mark(his, "saved-answer")).to_have_text("Draft saved")
        target = sam.page.locator(f'{row(sam, conversation)} [data-test="target"]')
        target.select_option(value=f"agent {ROBIN}")
        sam.page.click(f'{row(sam, conversation)} [data-act="transfer"]')
        robin.page.click(f'{row(robin, conversation)} [data-act="accept"]')
        hers = widget(robin, conversation)
        expect(message(hers, "I am sorry. Was the box broken too?")).to_be_visible()
        expect(message(hers, "Third broken lamp this week.")).to_have_attribute("data-direction", "note")
        expect(mark(hers, "text-answer")).to_have_value("A new lamp is on its")
        expect(mark(hers, f"notice-left-answer-{SAM}")).to_contain_text("Sam Carter")
        expect(mark(his, "read-only")).to_be_visible()
        answer(hers, "A new lamp is on its way.")
        delivery(hers, "A new lamp is on its way.", "delivered")
        said = ["I am sorry. Was the box broken too?", "A new lamp is on its way."]
        self.assertEqual(self.answers(thread), said)
        lines = self.scene.bridge.thread(thread)["messages"]
        self.assertEqual(
            [(line["direction"], line["body"]) for line in lines if line["direction"] != "system"], [
                ("customer", "My lamp came broken."), ("staff", said[0]),
                ("note", "Third broken lamp this week."), ("staff", said[1])])

    def test_what_is_chosen_at_the_desk_outlives_what_changes_there(self) -> None:
        _, conversation = self.taken()
        desk = self.agent()
        desk.page.click(f"{row(desk, conversation)} .open")
        target = desk.page.locator(f'{row(desk, conversation)} [data-test="target"]')
        target.select_option(value=f"agent {ROBIN}")
        self.addCleanup(self.scene.sandbox.change, ROBIN, **self.scene.sandbox.agent(ROBIN))
        self.scene.sandbox.change(ROBIN, name="Robin Meyer-Lee")
        expect(target).to_contain_text("Robin Meyer-Lee")
        expect(target).to_have_value(f"agent {ROBIN}")


class Writing(Case):
    def test_who_writes_while_the_customer_writes_again_reads_that_first(self) -> None:
        thread, conversation = self.taken("Can I still change the colour?")
        tab = self.open(conversation)
        mark(tab, "text-answer").fill("Yes, which one?")
        # What is not in sight has not been read.
        tab.set_viewport_size({"width": 1280, "height": 800})
        mark(tab, "thread").evaluate("it => { it.style.maxBlockSize = '0'; }")
        self.scene.post("The green one, please.", thread)
        expect(mark(tab, "notice-wrote-again")).to_be_visible()
        expect(mark(tab, "text-answer")).to_have_value("Yes, which one?")
        mark(tab, "send-answer").click()
        expect(mark(tab, "send-answer")).to_be_enabled()
        expect(mark(tab, "text-answer")).to_have_value("Yes, which one?")
        self.assertEqual(len(self.scene.bridge.thread(thread)["messages"]), 2)
        mark(tab, "thread").evaluate("it => { it.style.maxBlockSize = ''; }")
        mark(tab, "jump").click()
        expect(mark(tab, "notice-wrote-again")).to_be_hidden()
        answer(tab, "Green it is.")
        delivery(tab, "Green it is.", "delivered")
        self.assertEqual(self.answers(thread), ["Green it is."])

    def test_a_double_click_sends_once(self) -> None:
        thread, conversation = self.taken()
        tab = self.open(conversation)
        mark(tab, "text-answer").fill("Once is enough.")
        mark(tab, "send-answer").dblclick()
        tab.keyboard.press("Control+Enter")
        delivery(tab, "Once is enough.", "delivered")
        expect(message(tab, "Once is enough.")).to_have_count(1)
        self.assertEqual(self.answers(thread), ["Once is enough."])

    def test_an_answer_whose_confirmation_is_lost_is_sent_once(self) -> None:
        thread, conversation = self.taken()
        tab = self.open(conversation)

        def lose(route: Route) -> None:
            route.fetch()
            route.abort()

        tab.route(re.compile(r"/messages$"), lose, times=1)
        answer(tab, "It left on Monday.")
        mark(tab, "send-again").click()
        delivery(tab, "It left on Monday.", "delivered")
        expect(mark(tab, "text-answer")).to_have_value("")
        expect(mark(tab, "text-answer")).to_be_focused()
        self.assertEqual(self.answers(thread), ["It left on Monday."])

    def test_colleagues_see_who_looks_and_who_writes(self) -> None:
        _, conversation = self.taken()
        sam = self.open(conversation, SAM)
        self.scene.sandbox.transfer(conversation, SAM, ROBIN)
        robin = self.open(conversation, ROBIN)
        expect(mark(robin, "presence")).to_contain_text("Sam Carter is reading")
        name = self.scene.sandbox.agent(ROBIN)["name"]
        expect(mark(sam, "presence")).to_contain_text(f"{name} is reading")
        mark(robin, "text-answer").fill("I see to it.")
        expect(mark(sam, "presence")).to_contain_text(f"{name} is writing")
        mark(robin, "text-answer").fill("")
        expect(mark(sam, "presence")).to_contain_text(f"{name} is reading")

    def test_the_keyboard_alone_answers_and_finishes(self) -> None:
        thread, conversation = self.taken()
        tab = self.open(conversation)
        tab.keyboard.press("Tab")
        expect(tab.locator("#skip")).to_be_focused()
        tab.keyboard.press("Enter")
        tab.keyboard.press("?")
        expect(mark(tab, "help")).to_be_visible()
        tab.keyboard.press("Escape")
        expect(mark(tab, "help")).to_have_count(0)
        tab.keyboard.press("n")
        expect(mark(tab, "text-note")).to_be_focused()
        self.tab_to(tab, "tab-note", "Shift+Tab")
        tab.keyboard.press("ArrowLeft")
        expect(mark(tab, "tab-answer")).to_be_focused()
        self.tab_to(tab, "text-answer")
        tab.keyboard.type("By hand.")
        tab.keyboard.press("Control+Enter")
        delivery(tab, "By hand.", "delivered")
        expect(mark(tab, "text-answer")).to_be_focused()
        self.tab_to(tab, "send-finish")
        tab.keyboard.press("Enter")
        expect(mark(tab, "finish-dialog")).to_be_visible()
        tab.keyboard.press("Escape")
        expect(mark(tab, "send-finish")).to_be_focused()
        tab.keyboard.press("Enter")
        expect(mark(tab, "finish-dialog")).to_be_visible()
        self.tab_to(tab, "wrap-up")
        tab.keyboard.type("Res")
        self.tab_to(tab, "confirm-finish")
        tab.keyboard.press("Enter")
        expect(mark(tab, "read-only")).to_be_visible()
        until("the conversation ended", lambda: self.ended(conversation))
        self.assertEqual(self.answers(thread), ["By hand."])

    def tab_to(self, tab: Page, name: str, key: str = "Tab") -> None:
        """Presses the key until that has the focus, and sees that each stop on the way shows it."""
        for _ in range(30):
            focused, outline = tab.evaluate(
                "[document.activeElement.dataset.test, getComputedStyle(document.activeElement).outlineStyle]")
            if focused:
                self.assertNotEqual(outline, "none", focused)
            if focused == name:
                return
            tab.keyboard.press(key)
        self.fail(f"{name} is not reached by {key}")

    def ended(self, conversation: str) -> bool:
        found = call(self.scene.sandbox.port, "GET", "/sandbox/conversations")["conversations"]
        return any(one["id"] == conversation and one["state"] == "ended" for one in found)


class TakenBack(Case):
    """With time for it on a slow machine too."""

    settings: ClassVar[dict[str, Any]] = {"widget.undo": "10s"}

    def test_an_answer_can_be_taken_back_and_sent_anew(self) -> None:
        thread, conversation = self.taken()
        tab = self.open(conversation)
        answer(tab, "It is lost.")
        mark(tab, "undo").click()
        expect(mark(tab, "text-answer")).to_have_value("It is lost.")
        delivery(tab, "It is lost.", "withdrawn")
        expect(message(tab, "It is lost.").locator(".reason")).to_have_count(0)
        answer(tab, "It comes tomorrow.")
        sent = message(tab, "It comes tomorrow.").get_by_test_id("delivery")
        expect(sent).to_have_attribute("data-state", "delivered", timeout=30_000)
        self.assertEqual(self.answers(thread), ["It comes tomorrow."])


class Undo(Case):
    settings: ClassVar[dict[str, Any]] = {"widget.undo": "60s"}

    def without_room(self) -> tuple[str, Page]:
        """A thread whose answer cannot be taken back, because the draft has no room for it, and its tab."""
        thread, conversation = self.taken()
        tab = self.open(conversation)
        answer(tab, "a" * 40_000)
        expect(mark(tab, "text-answer")).to_have_value("")
        mark(tab, "text-answer").fill("b" * 40_000)
        mark(tab, "undo").click()
        expect(mark(tab, "notice-undo")).to_contain_text("shorten or empty")
        return thread, tab

    def test_an_answer_for_which_the_draft_has_no_room_waits_until_it_has(self) -> None:
        thread, tab = self.without_room()
        expect(mark(tab, "text-answer")).to_be_focused()
        expect(mark(tab, "text-answer")).to_have_value("b" * 40_000)
        mark(tab, "text-answer").fill("b")
        mark(tab, "undo").click()
        expect(mark(tab, "text-answer")).to_have_value("a" * 40_000 + "\n\nb")
        expect(mark(tab, "notice-undo")).to_be_hidden()
        self.assertEqual(self.answers(thread), [])

    def test_who_sends_on_is_told_no_more_that_there_was_no_room(self) -> None:
        _, tab = self.without_room()
        mark(tab, "send-answer").click()
        expect(mark(tab, "text-answer")).to_have_value("")
        expect(mark(tab, "notice-undo")).to_be_hidden()


if __name__ == "__main__":
    unittest.main()
