"""A supervisor's list that is longer than one page of it."""

import unittest

from case import Case, mark
from machine import until
from playwright.sync_api import Page, expect
from scene import DANA


class LongLists(Case):
    def setUp(self) -> None:
        for number in range(119):
            self.scene.write(f"Question {number}.", message={"subject": f"Question {number}"})
        self.last = self.scene.post("The last one.")

    def look_again(self, app: Page) -> None:
        """As after 15 s."""
        with app.expect_response("**/threads?*"):
            app.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    def test_it_stays_where_it_is_and_as_long_as_it_is_while_it_is_kept_up_to_date(self) -> None:
        app = self.open(None, DANA)
        rows, count = mark(app, "thread-row"), mark(app, "tab-waiting").get_by_test_id("count")
        expect(rows).to_have_count(50)
        expect(count).to_have_text("50+")
        mark(app, "more").click()
        expect(rows).to_have_count(100)
        expect(count).to_have_text("100+")
        expect(rows.nth(50).locator(".row-link")).to_be_focused()
        taken = rows.nth(80)
        thread = str(taken.get_attribute("data-key")).split("/")[1]
        taken.locator(".row-link").focus()
        self.scroll(app, 1500)
        self.scene.give(thread)
        until("the bridge has heard of it", lambda: bool(self.scene.thread(thread)["status"] == "with_agent"))
        self.look_again(app)
        expect(taken).to_contain_text("With an agent")
        expect(rows).to_have_count(100)
        expect(taken.locator(".row-link")).to_be_focused()
        self.assertEqual(self.scrolled(app), 1500)
        # There and back again.
        mark(app, f"open-default/{thread}").scroll_into_view_if_needed()
        before = self.scrolled(app)
        mark(app, f"open-default/{thread}").click()
        expect(mark(app, "title")).to_be_focused()
        mark(app, "back").click()
        expect(rows).to_have_count(100)
        expect(taken.locator(".row-link")).to_be_focused()
        self.assertEqual(self.scrolled(app), before)
        mark(app, "more").click()
        expect(count).to_have_text("120")
        expect(mark(app, "more")).to_be_hidden()

    def test_only_what_has_changed_is_read_out(self) -> None:
        app = self.open(None, DANA)
        expect(mark(app, "as-of")).not_to_be_empty()
        app.evaluate(
            """() => {
              window.said = [];
              new MutationObserver((changes) => {
                said.push(...changes.map(({ target }) => target.parentElement ?? target)
                  .filter((it) => it.closest('[aria-live], [role=status], [role=alert]')).map((it) => it.textContent));
              }).observe(document.body, { subtree: true, childList: true, characterData: true });
            }""")
        self.look_again(app)
        self.look_again(app)
        self.assertEqual(app.evaluate("said"), [])

    def scroll(self, app: Page, top: int) -> None:
        app.locator("#thread").evaluate("(it, top) => { it.scrollTop = top; }", top)

    def scrolled(self, app: Page) -> int:
        return int(app.locator("#thread").evaluate("it => it.scrollTop"))


if __name__ == "__main__":
    unittest.main()
