"""What becomes of an answer on its way to the shop, and of the files that go with it."""

import unittest
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ClassVar

from calls import call
from case import SAM, Case, answer, delivery, mark, message, requests
from machine import until
from playwright.sync_api import expect
from tab import Tab

PDF = b"%PDF-1.4 a label to send something back"


class Deliveries(Case):
    settings: ClassVar[dict[str, Any]] = {"widget.maxFile": 4096}

    def setUp(self) -> None:
        self.addCleanup(self.scene.behave)

    def test_the_words_of_a_shop_that_refuses_are_shown_and_a_retry_delivers(self) -> None:
        thread, conversation = self.taken()
        tab = self.open(conversation)
        # The answer is held for a moment, and the thread's other events go first.
        said = {"title": "Order archived", "detail": "Order 9999 is <b>archived</b>."}
        self.scene.behave(status=422, count=50, body=said)
        answer(tab, "Too late?")
        delivery(tab, "Too late?", "dead")
        expect(message(tab, "Too late?")).to_contain_text("Order 9999 is <b>archived</b>.")
        self.scene.behave()
        message(tab, "Too late?").get_by_test_id("retry").click()
        delivery(tab, "Too late?", "delivered")
        expect(message(tab, "Too late?").get_by_test_id("retry")).to_have_count(0)
        self.assertEqual(self.answers(thread), ["Too late?"])

    def test_an_answer_that_is_refused_is_missed_aloud_and_can_be_tried_again_at_once(self) -> None:
        thread, conversation = self.taken()
        desk = self.agent()
        desk.page.locator(f'.interaction[data-conversation="{conversation}"] .open').click()
        tab = desk.page.frame_locator(f'iframe[data-app="{conversation}"]')
        self.scene.behave(status=422, count=50, body={"title": "Order archived"})
        answer(tab, "Too late?")
        notice = tab.locator('[data-test^="notice-failed-"]')
        expect(notice).to_have_attribute("role", "alert")
        expect(notice).to_contain_text("did not reach the customer. Refused by the shop: Order archived")
        expect(desk.page.locator("#toasts")).to_contain_text("did not reach the customer")
        expect(mark(tab, "status")).to_have_text("Refused by the shop")
        self.scene.behave()
        mark(tab, "retry-failed").click()
        delivery(tab, "Too late?", "delivered")
        expect(notice).to_have_count(0)
        expect(mark(tab, "status")).to_have_text("Answered")
        self.assertEqual(self.answers(thread), ["Too late?"])

    def test_an_answer_waits_for_a_shop_that_is_down_and_is_seen_to_arrive(self) -> None:
        thread, conversation = self.taken()
        tab = self.open(conversation)
        until("the bridge has heard of it", lambda: bool(self.scene.thread(thread)["status"] == "with_agent"))
        until("all else is delivered", lambda: not any(
            self.scene.bridge.counts()[state] for state in ("pending", "sending", "in_doubt")))
        self.scene.behave(status=503, count=4)
        answer(tab, "Patience.")
        expect(message(tab, "Patience.")).to_contain_text("Queued for the shop")
        delivery(tab, "Patience.", "delivered")
        told = [one for one in self.scene.told() if one["body"]["data"].get("reply", {}).get("body") == "Patience."]
        self.assertEqual([one["attempts"] for one in told], [5])
        self.assertEqual(self.answers(thread), ["Patience."])

    def fetch(self, url: str) -> tuple[int, bytes, Any]:
        try:
            with urllib.request.urlopen(url, timeout=20) as answered:
                return answered.status, answered.read(), answered.headers
        except urllib.error.HTTPError as error:
            return error.code, error.read(), error.headers

    def test_a_file_goes_to_the_shop_as_a_link_that_gives_its_bytes(self) -> None:
        thread, conversation = self.taken()
        tab = self.open(conversation)
        mark(tab, "file-input").first.set_input_files(
            {"name": "Rücksendung.pdf", "mimeType": "application/pdf", "buffer": PDF})
        expect(mark(tab, "file")).to_contain_text("Rücksendung.pdf")
        expect(mark(tab, "file").locator("progress")).to_be_hidden()
        answer(tab, "Here is your label.")
        delivery(tab, "Here is your label.", "delivered")
        told = [one for one in self.scene.replies() if one["conversation"]["key"] == thread][0]
        [file] = told["reply"]["attachments"]
        self.assertEqual((file["name"], file["content_type"]), ("Rücksendung.pdf", "application/pdf"))
        status, body, headers = self.fetch(file["url"])
        self.assertEqual((status, body), (200, PDF))
        self.assertIn("attachment", headers["Content-Disposition"])
        self.assertEqual(headers["X-Content-Type-Options"], "nosniff")
        address, query = file["url"].split("?")
        members = dict(one.split("=") for one in query.split("&"))
        later = f"expires={int(members['expires']) + 1}&signature={members['signature']}"
        past = f"expires=1&signature={members['signature']}"
        other = f"expires={members['expires']}&signature={'0' * len(members['signature'])}"
        for forged in (later, past, other, ""):
            status, body, _ = self.fetch(f"{address}?{forged}")
            self.assertIn(status, (400, 403))
            self.assertNotIn(PDF, body)
        with tab.expect_download() as download:
            message(tab, "Here is your label.").get_by_test_id("attachment").locator("a").click()
        with open(download.value.path(), "rb") as kept:
            self.assertEqual(kept.read(), PDF)

    def test_a_file_that_is_too_large_or_of_a_wrong_type_is_refused_in_the_page(self) -> None:
        _, conversation = self.taken()
        tab = self.open(conversation)
        asked = requests(tab)
        picker = mark(tab, "file-input").first
        picker.set_input_files({"name": "large.pdf", "mimeType": "application/pdf", "buffer": b"x" * 4097})
        expect(mark(tab, "notice-file")).to_contain_text("large.pdf")
        picker.set_input_files({"name": "evil.html", "mimeType": "text/html", "buffer": b"<script>"})
        expect(mark(tab, "notice-file")).to_contain_text("evil.html")
        picker.set_input_files({"name": "empty.pdf", "mimeType": "application/pdf", "buffer": b""})
        expect(mark(tab, "notice-file")).to_contain_text("empty.pdf")
        expect(mark(tab, "file")).to_have_count(0)
        self.assertEqual([one for one in asked if "/files?" in one], [])

    def test_each_of_several_refused_files_is_named(self) -> None:
        _, conversation = self.taken()
        tab = self.open(conversation)
        mark(tab, "file-input").first.set_input_files([
            {"name": "large.pdf", "mimeType": "application/pdf", "buffer": b"x" * 4097},
            {"name": "evil.html", "mimeType": "text/html", "buffer": b"<script>"}])
        expect(mark(tab, "notice-file")).to_contain_text("large.pdf")
        expect(mark(tab, "notice-file")).to_contain_text("evil.html")

    def test_a_file_can_be_taken_away_again(self) -> None:
        thread, conversation = self.taken()
        tab = self.open(conversation)
        mark(tab, "file-input").first.set_input_files(
            {"name": "wrong.pdf", "mimeType": "application/pdf", "buffer": PDF})
        mark(tab, "remove-file").click()
        answer(tab, "Without a file.")
        delivery(tab, "Without a file.", "delivered")
        told = [one for one in self.scene.replies() if one["conversation"]["key"] == thread][0]
        self.assertEqual(told["reply"]["attachments"], [])

    def test_messages_do_not_wait_for_agents_whose_calls_stall(self) -> None:
        _, conversation = self.taken()
        port, path = self.scene.bridge.public, f"/widget/api/conversations/{conversation}/wrap-ups"
        tab = Tab(port, SAM)
        self.addCleanup(tab.close)
        session = {"Cookie": tab.cookies()}
        call(port, "GET", path, headers=session)
        self.addCleanup(self.scene.sandbox.clear)
        self.scene.sandbox.plan({"on": "read", "do": "hold", "times": 0})
        with ThreadPoolExecutor(80) as pool:
            asked = [pool.submit(call, port, "GET", path, headers=session, timeout=60) for _ in range(80)]
            # As many as there are connections, and the rest wait.
            until("the calls are held", lambda: self.scene.sandbox.held() >= 64)
            self.scene.post("Does this get through?")
            self.assertEqual([one for one in asked if one.done()], [])
            self.scene.sandbox.clear()
            for one in asked:
                one.result()

    def test_what_a_customer_attached_is_a_link_and_is_not_loaded(self) -> None:
        url = "https://shop.example.com/files/lamp.png"
        _, conversation = self.taken("See the photo.", message={"attachments": [
            {"name": "lamp.png", "content_type": "image/png", "size": 9876, "url": url}]})
        visit = self.agent()
        asked = requests(visit.page)
        visit.page.goto(self.scene.widget(conversation))
        link = mark(visit.page, "attachment").locator("a")
        expect(link).to_have_attribute("href", url)
        expect(link).to_have_attribute("rel", "noopener noreferrer nofollow")
        expect(link).to_contain_text("lamp.png")
        self.assertEqual([one for one in asked if "shop.example.com" in one], [])


if __name__ == "__main__":
    unittest.main()
