"""What else the tab offers: ready texts, mail, an end without an answer, other threads; and the supervisor's app."""

import json
import re
import unittest

from case import ROBIN, Case, answer, delivery, mark, message
from machine import until
from playwright.sync_api import expect
from scene import DANA, KIM


class Tools(Case):
    def test_a_quick_reply_is_found_by_keyboard_and_its_placeholders_are_filled_in(self) -> None:
        _, conversation = self.taken()
        tab = self.open(conversation)
        mark(tab, "open-replies").click()
        expect(mark(tab, "reply-search")).to_be_focused()
        expect(mark(tab, "reply").filter(has_text="Refund")).to_have_count(0)
        mark(tab, "reply-search").fill("parcel")
        expect(mark(tab, "reply")).to_have_count(1)
        tab.keyboard.press("Enter")
        expect(mark(tab, "text-answer")).to_have_value(
            "Hello Zoë Müller,\n\nyour order #9999 is on its way. It should be with you within two working days."
            "\n\nSam Carter")
        expect(mark(tab, "text-answer")).to_be_focused()
        mark(tab, "text-answer").fill("")
        mark(tab, "open-replies").click()
        mark(tab, "reply-search").fill("send something back")
        mark(tab, "reply").filter(has_text="How to send something back").click()
        expect(mark(tab, "text-answer")).to_have_value(re.compile(r"within 30 days:\n\n- Put it into its box\."))

    def test_a_role_without_the_libraries_is_told_what_is_missing(self) -> None:
        robin = self.scene.sandbox.agent(ROBIN)
        lesser = [it for it in robin["permissions"] if not it.startswith("responses:")]
        self.addCleanup(self.scene.sandbox.change, ROBIN, **robin)
        self.scene.sandbox.change(ROBIN, permissions=lesser)
        _, conversation = self.taken(agent=ROBIN)
        tab = self.open(conversation, ROBIN)
        mark(tab, "open-replies").click()
        expect(mark(tab, "replies")).to_contain_text("may not read the response libraries")

    def test_an_email_of_genesys_is_started_and_linked(self) -> None:
        self.scene.sandbox.set(expandsOutboundRoute=True)
        _, conversation = self.taken()
        tab = self.open(conversation)
        mark(tab, "write-mail").click()
        dialog = mark(tab, "mail-dialog")
        expect(dialog).to_contain_text("support@demo-shop.example")
        expect(dialog).to_contain_text("zoe@example.com")
        expect(dialog).to_contain_text("arrive in Genesys as an email of its own")
        mark(tab, "mail-subject").fill("")
        mark(tab, "confirm-mail").click()
        expect(dialog).to_contain_text("needs a subject")
        mark(tab, "mail-subject").fill("Your invoice")
        with tab.expect_request(re.compile(r"/mail$")) as asked:
            mark(tab, "confirm-mail").click()
        expect(mark(tab, "linked")).to_contain_text("Your invoice")
        mail = self.scene.sandbox.conversations()[-1]
        self.assertEqual(
            (mail["provider"], mail["subject"], mail["toAddress"]),
            ("PureCloud Email", "Your invoice", "zoe@example.com"))
        # As a browser repeats a call whose answer it lost.
        headers = {"X-Bridge": "1", "Content-Type": "application/json"}
        again = tab.request.post(asked.value.url, data=asked.value.post_data_json, headers=headers)
        self.assertEqual(again.json()["conversation"], mail["id"])
        self.assertEqual(self.scene.sandbox.conversations()[-1]["id"], mail["id"])

    def test_no_answer_needed_ends_the_conversation_with_a_reason(self) -> None:
        thread, conversation = self.taken("Thank you!")
        tab = self.open(conversation)
        mark(tab, "dismiss-open").first.click()
        mark(tab, "confirm-dismiss").click()
        expect(mark(tab, "dismiss-dialog")).to_contain_text("Choose a reason")
        mark(tab, "own-reason").fill("She only says thanks")
        mark(tab, "confirm-dismiss").click()
        mark(tab, "wrap-up").select_option(label="Resolved")
        mark(tab, "confirm-finish").click()
        expect(mark(tab, "notice-dismissed")).to_contain_text("Closed without an answer")
        expect(mark(tab, "read-only")).to_be_visible()
        expect(mark(tab, "status")).to_have_text("Closed")
        self.assertEqual(self.stage(conversation), "ended")
        self.assertEqual(self.answers(thread), [])

    def stage(self, conversation: str) -> str:
        return str([it["state"] for it in self.scene.sandbox.conversations() if it["id"] == conversation][0])

    def test_earlier_threads_of_the_customer_are_read_beside_this_one(self) -> None:
        customer = {"id": "c-earlier", "email": "zoe@example.com", "name": "Zoë Müller"}
        self.taken("My first question.", thread="first-of-zoe", customer=customer, message={"subject": "First"})
        _, conversation = self.taken("My second question.", customer=customer)
        tab = self.open(conversation)
        mark(tab, "open-earlier").filter(has_text="First").click()
        past = mark(tab, "earlier-thread")
        expect(past).to_contain_text("My first question.")
        expect(past).to_contain_text("Read only")
        mark(tab, "text-answer").focus()
        tab.keyboard.press("Escape")
        expect(past).to_be_hidden()
        expect(mark(tab, "text-answer")).to_be_focused()
        expect(message(tab, "My second question.")).to_be_visible()
        mark(tab, "open-earlier").filter(has_text="First").click()
        expect(mark(tab, "close-earlier")).to_be_focused()
        tab.keyboard.press("j")
        expect(past.locator(".message")).to_be_focused()
        tab.keyboard.press("Escape")
        expect(mark(tab, "open-earlier").filter(has_text="First")).to_be_focused()

    def test_who_reads_older_messages_and_then_an_earlier_thread_is_back_at_the_same_place(self) -> None:
        customer = {"id": "c-older", "email": "zoe@example.com", "name": "Zoë Müller"}
        self.scene.post("Once before.", customer=customer)
        thread = self.scene.post("Question 0.", customer=customer)
        for number in range(1, 30):
            self.scene.write(f"Question {number}.", thread, customer=customer)
        tab = self.open(self.scene.give(thread))
        expect(message(tab, "Question 29.")).to_be_visible()
        scroller = mark(tab, "thread").first
        scroller.evaluate("it => { it.scrollTop = 300; }")
        mark(tab, "open-earlier").first.click()
        expect(mark(tab, "earlier-thread")).to_contain_text("Once before.")
        self.scene.post("Meanwhile.", thread, customer=customer)
        expect(message(tab, "Meanwhile.")).to_have_count(1)
        mark(tab, "close-earlier").click()
        expect(mark(tab, "new-messages")).to_be_visible()
        self.assertEqual(scroller.evaluate("it => it.scrollTop"), 300)

    def test_older_messages_that_do_not_come_are_missed_aloud(self) -> None:
        thread = self.scene.post("Question 0.")
        for number in range(1, 55):
            self.scene.write(f"Question {number}.", thread)
        tab = self.open(self.scene.give(thread))
        older = re.compile(r"/messages\?before=")
        tab.route(older, lambda route: route.abort(), times=1)
        mark(tab, "older").click()
        expect(mark(tab, "older-problem")).to_contain_text("No connection")
        mark(tab, "older").click()
        expect(message(tab, "Question 0.")).to_be_visible()
        expect(mark(tab, "older-problem")).to_be_empty()

    def test_a_press_beside_a_dialog_takes_nothing_away_that_is_written_in_it(self) -> None:
        _, conversation = self.taken("Thanks!")
        tab = self.open(conversation)
        dialog, words = mark(tab, "dismiss-dialog"), mark(tab, "own-reason")
        mark(tab, "dismiss-open").first.click()
        # As whoever selects with the mouse lets go of it outside.
        words.hover()
        tab.mouse.down()
        tab.mouse.move(5, 5)
        tab.mouse.up()
        expect(dialog).to_be_visible()
        words.fill("She only says thanks")
        tab.mouse.click(5, 5)
        expect(words).to_have_value("She only says thanks")
        tab.keyboard.press("Escape")
        expect(dialog).to_have_count(0)
        mark(tab, "dismiss-open").first.click()
        tab.mouse.click(5, 5)
        expect(dialog).to_have_count(0)

    def test_enter_leaves_the_dialog_that_says_who_is_signed_in(self) -> None:
        _, conversation = self.taken()
        tab = self.open(conversation)
        mark(tab, "agent").click()
        expect(mark(tab, "cancel")).to_be_focused()
        tab.keyboard.press("Enter")
        expect(mark(tab, "agent-dialog")).to_have_count(0)
        expect(mark(tab, "view")).to_be_visible()

    def test_escape_closes_the_quick_replies_from_wherever_it_is_pressed_in_them(self) -> None:
        _, conversation = self.taken()
        tab = self.open(conversation)
        for name in ("reply-search", "close-replies"):
            mark(tab, "open-replies").click()
            mark(tab, name).focus()
            tab.keyboard.press("Escape")
            expect(mark(tab, "replies")).to_be_hidden()
            expect(mark(tab, "open-replies")).to_be_focused()


class Supervisors(Case):
    def test_a_supervisor_finds_what_waits_opens_it_and_creates_it_again(self) -> None:
        thread = self.scene.post("Is anybody there?", message={"subject": "Nobody answers"})
        app = self.open(None, DANA)
        row = app.locator(f'[data-test="thread-row"][data-key$="/{thread}"]')
        expect(row).to_contain_text("Nobody answers")
        mark(app, f"open-default/{thread}").click()
        expect(message(app, "Is anybody there?")).to_be_visible()
        mark(app, "back").click()
        mark(app, "tab-open").click()
        expect(row).to_be_visible()
        before = self.scene.conversation(thread)
        self.scene.sandbox.end_conversation(before)
        until("the bridge has heard of it", lambda: f'"{thread}"' in json.dumps(self.scene.bridge.concerns()))
        mark(app, "tab-unanswered").click()
        mark(app, f"recreate-default/{thread}").click()
        mark(app, "confirm-recreate").click()
        expect(mark(app, "notice-recreate")).to_be_visible()
        until("there is another conversation", lambda: self.scene.conversation(thread) != before)

    def test_a_supervisor_sees_an_answer_that_was_refused_and_has_it_tried_again(self) -> None:
        thread, conversation = self.taken("Refuse me.")
        self.scene.behave(status=422, count=50, body={"title": "Archived", "detail": "This order is archived."})
        tab = self.open(conversation)
        answer(tab, "An answer.")
        delivery(tab, "An answer.", "dead")
        app = self.open(None, DANA)
        mark(app, "tab-refused").click()
        expect(app.locator(f'[data-key$="/{thread}"]')).to_contain_text("This order is archived.")
        mark(app, f"open-default/{thread}").click()
        self.scene.behave()
        message(app, "An answer.").get_by_test_id("retry").click()
        delivery(app, "An answer.", "delivered")
        delivery(tab, "An answer.", "delivered")

    def test_a_supervisor_of_another_division_sees_nothing_of_it(self) -> None:
        thread, conversation = self.taken("Not for Kim.", message={"subject": "Home only"})
        app = self.open(None, KIM)
        for view in ("waiting", "unanswered", "refused", "open"):
            mark(app, f"tab-{view}").click()
            expect(mark(app, f"tab-{view}")).to_have_attribute("aria-selected", "true")
            expect(mark(app, "as-of")).to_contain_text("As of")
            self.assertNotIn("Home only", app.content())
            self.assertNotIn(thread, app.content())
        app.goto(self.scene.widget(conversation))
        expect(mark(app, "trouble-not_found")).to_be_visible()
        self.assertNotIn("Not for Kim.", app.content())

    def test_what_is_open_is_left_alone_once_genesys_shows_it_no_more(self) -> None:
        _, conversation = self.taken("Not for long.")
        app = self.open(conversation, DANA)
        dana, kim = (self.scene.sandbox.agent(one) for one in (DANA, KIM))
        self.addCleanup(self.scene.sandbox.change, DANA, **dana)
        self.scene.sandbox.change(DANA, division=kim["division"])
        # The stream asks again after 15 s, and Genesys' word holds for two.
        expect(mark(app, "notice-lost")).to_be_visible(timeout=40_000)
        mark(app, "look-again").click()
        expect(mark(app, "notice-lost")).to_be_visible()
        self.scene.sandbox.change(DANA, **dana)

        def is_back() -> bool:
            """Asks again; Genesys' last word may still hold."""
            with app.expect_response(re.compile(rf"/conversations/{conversation}$")) as answered:
                mark(app, "look-again").click()
            return answered.value.ok

        until("it is shown again", is_back)
        expect(mark(app, "notice-lost")).to_have_count(0)

    def test_the_supervisors_app_is_closed_to_agents(self) -> None:
        page = self.agent().page
        page.goto(self.scene.widget(None))
        expect(mark(page, "trouble-no_supervisor")).to_be_visible()


if __name__ == "__main__":
    unittest.main()
