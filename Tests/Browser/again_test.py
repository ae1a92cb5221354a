"""What is pressed twice happens once, and what failed once is done after all."""

import re
import unittest
from typing import Any, ClassVar

from case import Case, answer, delivery, mark, message, requests
from machine import until
from playwright.sync_api import FilePayload, Page, Request, Route, expect
from scene import DANA


def lose(route: Route) -> None:
    """The call arrives, its answer does not."""
    route.fetch()
    route.abort()


def pdf(name: str) -> list[FilePayload]:
    return [{"name": name, "mimeType": "application/pdf", "buffer": b"%PDF-1.7"}]


POSTS = re.compile(r"/messages$")


def streams(page: Page) -> list[Request]:
    """The live lines that are open."""
    lines: list[Request] = []
    page.on("request", lambda it: lines.append(it) if it.url.endswith("/stream") else None)
    for end in ("requestfinished", "requestfailed"):
        page.on(end, lambda it: lines.remove(it) if it in lines else None)
    return lines


class Again(Case):
    settings: ClassVar[dict[str, Any]] = {"widget.undo": "60s"}

    def test_a_thread_that_is_opened_by_two_presses_leaves_nothing_behind(self) -> None:
        thread = self.scene.post("Is anybody there?")
        app = self.open(None, DANA)
        lines = streams(app)
        mark(app, f"open-default/{thread}").dblclick()
        expect(message(app, "Is anybody there?")).to_be_visible()
        until("both are open, or one has closed the other", lambda: self.settled(app, lines, 1))
        mark(app, "back").click()
        expect(mark(app, "supervisor")).to_be_visible()
        until("nothing is followed any more", lambda: self.settled(app, lines, 0))

    def settled(self, page: Page, lines: list[Request], count: int) -> bool:
        # Events come while the page is asked something.
        return bool(page.evaluate("true")) and len(lines) == count

    def test_an_email_is_asked_for_once_however_often_it_is_pressed(self) -> None:
        self.scene.sandbox.set(expandsOutboundRoute=True)
        _, conversation = self.taken()
        tab = self.open(conversation)
        before = len(self.scene.sandbox.conversations())
        asked = requests(tab)
        mark(tab, "write-mail").dblclick()
        until("both have been answered", lambda: self.count(tab, asked, "/mail") == 2)
        mark(tab, "mail-subject").fill("Your invoice")
        mark(tab, "confirm-mail").click()
        expect(mark(tab, "linked")).to_contain_text("Your invoice")
        expect(mark(tab, "mail-dialog")).to_have_count(0)
        self.assertEqual(len(self.scene.sandbox.conversations()), before + 1)

    def count(self, page: Page, asked: list[str], path: str) -> int:
        page.evaluate("true")
        return len([one for one in asked if one.endswith(path)])

    def test_a_file_that_came_after_a_lost_confirmation_is_kept(self) -> None:
        thread, conversation = self.taken()
        tab = self.open(conversation)
        tab.route(POSTS, lose, times=1)
        answer(tab, "Here is your invoice.")
        expect(mark(tab, "send-again")).to_be_visible()
        mark(tab, "file-input").first.set_input_files(files=pdf("invoice.pdf"))
        expect(mark(tab, "file")).to_contain_text("invoice.pdf")
        mark(tab, "send-again").click()
        expect(mark(tab, "notice-send")).to_contain_text("earlier version had already been sent")
        expect(mark(tab, "file")).to_contain_text("invoice.pdf")
        expect(mark(tab, "text-answer")).to_have_value("")
        mark(tab, "send-answer").click()
        expect(mark(tab, "notice-send")).to_contain_text("Write an answer first")
        answer(tab, "Forgot to attach it.")
        expect(mark(tab, "attachment")).to_contain_text("invoice.pdf")
        self.assertEqual(len(self.scene.bridge.thread(thread)["messages"]), 3)

    def test_of_two_attempts_the_one_that_arrived_is_not_sent_again(self) -> None:
        thread, conversation = self.taken()
        tab = self.open(conversation)
        tab.route(POSTS, lambda route: route.abort(), times=1)
        answer(tab, "It left.")
        expect(mark(tab, "send-again")).to_be_visible()
        tab.route(POSTS, lose, times=1)
        with tab.expect_event("requestfailed", lambda it: it.url.endswith("/messages")):
            answer(tab, "It left on Monday.")
        expect(mark(tab, "send-again")).to_be_enabled()
        mark(tab, "send-again").click()
        expect(mark(tab, "text-answer")).to_have_value("")
        expect(mark(tab, "notice-send")).to_have_count(0)
        said = [line["body"] for line in self.scene.bridge.thread(thread)["messages"]]
        self.assertEqual(said, ["Where is my parcel?", "It left on Monday."])

    def test_what_is_taken_back_waits_for_what_is_being_sent(self) -> None:
        thread, conversation = self.taken()
        tab = self.open(conversation)
        answer(tab, "First.")
        expect(mark(tab, "undo-bar")).to_be_visible()

        def take_back(route: Route) -> None:
            mark(tab, "undo").click()
            route.continue_()

        tab.route(POSTS, take_back, times=1)
        answer(tab, "Second.")
        delivery(tab, "Second.", "pending")
        delivery(tab, "First.", "pending")
        expect(mark(tab, "text-answer")).to_have_value("")
        mark(tab, "undo").click()
        expect(mark(tab, "text-answer")).to_have_value("Second.")
        self.assertEqual(self.answers(thread), [])

    def test_a_file_on_its_way_stays_where_an_answer_is_taken_back(self) -> None:
        _, conversation = self.taken()
        tab = self.open(conversation)
        answer(tab, "Here it is.")
        expect(mark(tab, "undo-bar")).to_be_visible()
        held: list[Route] = []
        tab.route("**/files?name=*", lambda it: held.append(it), times=1)
        mark(tab, "file-input").first.set_input_files(files=pdf("invoice.pdf"))
        until("the file is on its way", lambda: bool(tab.evaluate("true")) and len(held) == 1)
        mark(tab, "undo").click()
        expect(mark(tab, "text-answer")).to_have_value("Here it is.")
        held[0].continue_()
        expect(mark(tab, "file").locator("progress")).to_be_hidden()
        expect(mark(tab, "saved-answer")).to_have_text("Draft saved")
        again = self.open(conversation)
        expect(mark(again, "text-answer")).to_have_value("Here it is.")
        expect(mark(again, "file")).to_contain_text("invoice.pdf")

    def test_what_another_window_took_back_is_not_finished_in_this_one(self) -> None:
        _, conversation = self.taken()
        one = self.open(conversation)
        other = self.open(conversation)
        mark(one, "text-answer").fill("Bye.")
        mark(one, "send-finish").click()
        mark(one, "wrap-up").select_option(label="Resolved")
        mark(one, "confirm-finish").click()
        expect(mark(one, "undo-bar")).to_contain_text("then the conversation is finished")
        mark(other, "undo").click()
        expect(mark(other, "text-answer")).to_have_value("Bye.")
        expect(mark(one, "undo-bar")).to_be_hidden()
        expect(mark(one, "text-answer")).to_have_value("Bye.")

    def test_what_was_taken_back_after_a_lost_confirmation_is_sent_anew(self) -> None:
        thread, conversation = self.taken()
        tab = self.open(conversation)
        tab.route(POSTS, lose, times=1)
        answer(tab, "It left.")
        expect(mark(tab, "send-again")).to_be_visible()
        other = self.open(conversation)
        mark(other, "undo").click()
        expect(mark(other, "text-answer")).not_to_have_value("")
        mark(tab, "send-again").click()
        expect(mark(tab, "text-answer")).to_have_value("")
        expect(message(tab, "It left.")).to_have_count(2)
        lines = self.scene.bridge.thread(thread)["messages"]
        self.assertEqual([line["body"] for line in lines[1:]], ["It left.", "It left."])

    def test_what_a_window_out_of_sight_does_not_know_to_be_taken_back_is_not_finished(self) -> None:
        _, conversation = self.taken()
        one, other = self.open(conversation), self.open(conversation)
        one.clock.install()
        one.reload()
        mark(one, "text-answer").fill("Bye.")
        mark(one, "send-finish").click()
        mark(one, "wrap-up").select_option(label="Resolved")
        mark(one, "confirm-finish").click()
        expect(mark(one, "undo-bar")).to_contain_text("then the conversation is finished")
        one.evaluate(
            """Object.defineProperty(document, 'hidden', { get: () => true });
            document.dispatchEvent(new Event('visibilitychange'));""")
        mark(other, "undo").click()
        expect(mark(other, "text-answer")).to_have_value("Bye.")
        asked = requests(one)
        one.clock.fast_forward(61_000)
        until("its time is over", lambda: not one.evaluate("document.querySelector('.undo').checkVisibility()"))
        until("it has asked", lambda: self.count(one, asked, conversation) > 0)
        expect(mark(one, "text-answer")).to_have_value("Bye.")
        self.assertEqual(self.count(one, asked, "/finish"), 0)

    def test_of_several_attempts_nothing_is_lost_that_was_not_in_all(self) -> None:
        _, conversation = self.taken()
        tab = self.open(conversation)
        tab.route(POSTS, lose, times=2)
        for name, count in (("one.pdf", 1), ("two.pdf", 2)):
            mark(tab, "file-input").first.set_input_files(files=pdf(name))
            expect(mark(tab, "file").locator("progress:visible")).to_have_count(0)
            expect(mark(tab, "file")).to_have_count(count)
            with tab.expect_event("requestfailed", lambda it: it.url.endswith("/messages")):
                answer(tab, "A.")
            expect(mark(tab, "send-answer")).to_be_enabled()
        answer(tab, "A, and the second file.")
        expect(mark(tab, "notice-send")).to_contain_text("earlier version had already been sent")
        expect(mark(tab, "text-answer")).to_have_value("A, and the second file.")
        expect(mark(tab, "file")).to_have_count(1)
        expect(mark(tab, "file")).to_contain_text("two.pdf")

    def test_a_file_that_is_chosen_while_an_answer_is_being_sent_waits_for_the_next(self) -> None:
        _, conversation = self.taken()
        tab = self.open(conversation)
        held: list[Route] = []
        tab.route(POSTS, lambda it: held.append(it), times=1)
        with tab.expect_file_chooser() as chooser:
            mark(tab, "attach-answer").click()
        answer(tab, "Here.")
        until("it is being sent", lambda: bool(tab.evaluate("true")) and len(held) == 1)
        chooser.value.set_files(files=pdf("late.pdf"))
        expect(mark(tab, "file").locator("progress")).to_be_hidden()
        held[0].continue_()
        delivery(tab, "Here.", "pending")
        expect(mark(tab, "text-answer")).to_have_value("")
        expect(mark(tab, "file")).to_contain_text("late.pdf")
        expect(mark(tab, "attachment")).to_have_count(0)

    def test_a_clock_that_was_off_for_one_answer_is_right_with_the_next(self) -> None:
        _, conversation = self.taken()
        tab = self.agent().page

        def late(route: Route) -> None:
            shown = route.fetch()
            route.fulfill(response=shown, headers=shown.headers | {"date": "Mon, 01 Jan 2024 00:00:00 GMT"})

        tab.route(re.compile(rf"/conversations/{conversation}$"), late, times=1)
        tab.goto(self.scene.widget(conversation))
        answer(tab, "On its way.")
        expect(mark(tab, "undo-bar")).to_contain_text(re.compile(r"\((?:60|[1-5]\d) seconds\)"))

    def test_what_is_typed_until_an_answer_is_taken_back_is_kept_before_that(self) -> None:
        _, conversation = self.taken()
        tab = self.open(conversation)
        answer(tab, "It is lost.")
        expect(mark(tab, "undo-bar")).to_be_visible()
        order: list[str] = []
        tab.on("request", lambda it: order.append("begun " + it.url.split("/")[-1]))
        tab.on("response", lambda it: order.append("done " + it.url.split("/")[-1]))

        def go_on(route: Route) -> None:
            mark(tab, "text-answer").press_sequentially("ry")
            # From the field, which is left by that, to the button.
            mark(tab, "undo").click()
            route.continue_()

        tab.route("**/draft", go_on, times=1)
        mark(tab, "text-answer").press_sequentially("Sor")
        expect(mark(tab, "text-answer")).to_have_value("It is lost.\n\nSorry")
        drafts = [one for one in order if one.endswith((" draft", " withdraw"))]
        self.assertEqual(drafts[:5], [
            "begun draft", "done draft", "begun draft", "done draft", "begun withdraw"])

    def test_a_list_that_comes_slowly_comes(self) -> None:
        thread = self.scene.post("Is anybody there?")
        app = self.open(None, DANA)
        app.clock.install()
        asked = requests(app)
        held: list[Route] = []
        app.route(re.compile(r"/threads\?"), lambda it: held.append(it), times=1)
        app.reload()
        until("the list is asked for", lambda: self.count(app, asked, "view=waiting") == 1)
        app.clock.run_for(40_000)
        self.assertEqual(self.count(app, asked, "view=waiting"), 1)
        held[0].continue_()
        expect(mark(app, f"open-default/{thread}")).to_be_visible()


if __name__ == "__main__":
    unittest.main()
