"""A pane that is narrow or low, in which each line counts."""

import unittest

from case import Case, delivery, mark, message
from playwright.sync_api import Page, expect
from scene import DANA

LANGUAGES = ("en", "de", "pl", "fr", "es")


def top(tab: Page, name: str) -> float:
    box = mark(tab, name).first.bounding_box()
    assert box
    return box["y"]


class Narrow(Case):
    def test_quick_replies_leave_the_composer_as_wide_as_it_is(self) -> None:
        _, conversation = self.taken()
        for width in (320, 400, 1280):
            tab = self.open(conversation, viewport={"width": width, "height": 800})
            mark(tab, "open-replies").click()
            expect(mark(tab, "reply").first).to_be_visible()
            self.assertEqual(mark(tab, "composer").evaluate("it => it.scrollWidth - it.clientWidth"), 0)
            expect(mark(tab, "send-answer")).to_be_in_viewport(ratio=1)

    def test_typing_and_pausing_move_nothing(self) -> None:
        _, conversation = self.taken()
        for lang in LANGUAGES:
            tab = self.open(conversation, lang=lang)
            for width in (320, 360, 400, 480):
                with self.subTest(lang=lang, width=width):
                    tab.set_viewport_size({"width": width, "height": 640})
                    mark(tab, "text-answer").press_sequentially("x")
                    typed = top(tab, "composer")
                    expect(mark(tab, "saved-answer")).not_to_be_empty()
                    self.assertAlmostEqual(top(tab, "composer"), typed, delta=1)
                    mark(tab, "text-answer").press_sequentially("y")
                    self.assertAlmostEqual(top(tab, "composer"), typed, delta=1)

    def test_colleagues_who_come_and_go_move_nothing(self) -> None:
        _, conversation = self.taken()
        tab = self.open(conversation, viewport={"width": 320, "height": 640})
        alone = top(tab, "thread")
        colleague = self.open(conversation, DANA)
        expect(mark(tab, "presence")).to_contain_text("Dana Brandt is reading")
        self.assertAlmostEqual(top(tab, "thread"), alone, delta=0.5)
        colleague.close()
        expect(mark(tab, "presence")).to_be_empty()
        self.assertAlmostEqual(top(tab, "thread"), alone, delta=0.5)


    def test_a_notice_that_the_customer_wrote_again_covers_nothing_of_what_they_wrote(self) -> None:
        thread, conversation = self.taken("Where is it?\n" + "A line.\n" * 14)
        tab = self.open(conversation, viewport={"width": 320, "height": 640})
        mark(tab, "text-answer").fill("Half an")
        expect(mark(tab, "saved-answer")).not_to_be_empty()
        for number in range(3):
            self.scene.post(f"One more thing, {number}.", thread)
            expect(message(tab, f"One more thing, {number}.")).to_have_count(1)
            expect(mark(tab, "notice-wrote-again")).to_be_visible()
            expect(message(tab, f"One more thing, {number}.")).to_be_in_viewport(ratio=1)
            mark(tab, "notice-wrote-again").get_by_test_id("dismiss").click()
            expect(mark(tab, "thread")).to_be_focused()


class Low(Case):
    def test_a_low_pane_opens_at_the_newest_message_and_counts_what_comes_out_of_sight_as_unread(self) -> None:
        thread = self.scene.post("Question 0.")
        for number in range(1, 20):
            self.scene.write(f"Question {number}.", thread)
        conversation = self.scene.give(thread)
        tab = self.open(conversation, viewport={"width": 400, "height": 380})
        expect(message(tab, "Question 19.")).to_be_in_viewport()
        mark(tab, "text-answer").fill("An answer.")
        tab.evaluate("scrollTo(0, 0)")
        self.scene.post("One more question.", thread)
        expect(mark(tab, "new-messages")).to_be_in_viewport()
        # What is in sight for a second has been read.
        tab.evaluate("new Promise((done) => setTimeout(done, 1_100))")
        with tab.expect_response("**/messages") as refused:
            tab.keyboard.press("Control+Enter")
        self.assertEqual(refused.value.status, 409)
        expect(mark(tab, "text-answer")).to_have_value("An answer.")
        tab.evaluate("scrollTo(0, 0)")
        mark(tab, "new-messages").click()
        expect(message(tab, "One more question.")).to_be_in_viewport()
        expect(mark(tab, "new-messages")).to_be_hidden()
        mark(tab, "jump").click()
        mark(tab, "send-answer").click()
        delivery(tab, "An answer.", "delivered")
        self.assertEqual(self.answers(thread), ["An answer."])

    def test_what_comes_while_the_end_is_in_sight_moves_no_field_away(self) -> None:
        thread = self.scene.post("Question 0.")
        for number in range(1, 20):
            self.scene.write(f"Question {number}.", thread)
        tab = self.open(self.scene.give(thread), viewport={"width": 400, "height": 380})
        mark(tab, "text-answer").focus()
        before = top(tab, "text-answer")
        self.scene.post("One more question.", thread)
        expect(message(tab, "One more question.")).to_have_count(1)
        self.assertAlmostEqual(top(tab, "text-answer"), before, delta=0.5)


if __name__ == "__main__":
    unittest.main()
