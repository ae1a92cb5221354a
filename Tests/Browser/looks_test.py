"""The tab as it looks: for everybody's eyes and readers, in each language, in a narrow pane, and light to load."""

import gzip
import os
import re
import unittest

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from case import Case, View, answer, delivery, mark, message, requests
from playwright.sync_api import Page, expect
from scene import DANA

LANGUAGES = ("en", "de", "pl", "fr", "es")
LIMIT = 60 * 1024
#: A key of the texts, as it would stand there without one: `camelCase` or `snake_case`.
KEY = re.compile(r"\b[a-z]+(?:_[a-z]+|[A-Z][a-z]+)+\b")
PICTURES = os.environ.get("BRIDGE_PICTURES")


def picture(page: Page, name: str) -> None:
    if PICTURES:
        os.makedirs(PICTURES, exist_ok=True)
        page.screenshot(path=f"{PICTURES}/{name}.png", animations="disabled")


class Looks(Case):
    def expect_accessible(self, page: Page, state: str) -> None:
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            options = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
            found = Axe().run(page, options=options).response["violations"]
            grave = [
                f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found
                if one["impact"] in ("serious", "critical")]
            self.assertEqual(grave, [], f"{state}, {scheme}")

    def full(self) -> tuple[str, str]:
        """A thread with everything in it."""
        customer = {"id": "c-full", "email": "zoe@example.com", "name": "Zoë Müller", "phone": "+49 30 1234",
                    "locale": "de-DE", "company": "Müller & Söhne"}
        self.scene.post("Once before.", customer=customer)
        thread, conversation = self.taken(
            "Where is my parcel? It should have come on Monday.\n\n> We ship today.\n> Your shop\n\nRegards, Zoë",
            customer=customer, order={"created_at": "2026-11-02T09:14:00Z", "fulfillment_status": "shipped"},
            message={"attachments": [{"name": "photo.jpg", "content_type": "image/jpeg", "size": 12345,
                                      "url": "https://shop.example.com/photo.jpg"}]})
        return thread, conversation

    def write_all(self, tab: Page) -> None:
        answer(tab, "I ask the carrier and come back to you.")
        delivery(tab, "I ask the carrier and come back to you.", "delivered")
        mark(tab, "tab-note").click()
        mark(tab, "text-note").fill("Carrier says: tomorrow.")
        mark(tab, "send-note").click()
        expect(message(tab, "Carrier says: tomorrow.")).to_be_visible()

    def test_readers_of_all_kinds_can_use_every_state(self) -> None:
        _, conversation = self.full()
        tab = self.open(conversation)
        self.write_all(tab)
        self.expect_accessible(tab, "a note")
        mark(tab, "tab-answer").click()
        self.expect_accessible(tab, "an answer")
        mark(tab, "open-replies").click()
        expect(mark(tab, "reply").first).to_be_visible()
        self.expect_accessible(tab, "quick replies")
        mark(tab, "close-replies").click()
        mark(tab, "send-finish").click()
        expect(mark(tab, "wrap-up")).to_be_visible()
        self.expect_accessible(tab, "finishing")
        tab.keyboard.press("Escape")
        mark(tab, "keys").click()
        self.expect_accessible(tab, "help")
        tab.keyboard.press("Escape")
        mark(tab, "text-answer").fill("One more thing")
        mark(tab, "send-answer").click()
        expect(mark(tab, "undo-bar")).to_be_visible()
        self.expect_accessible(tab, "undo")
        self.scene.sandbox.end_conversation(conversation)
        expect(mark(tab, "read-only")).to_be_visible()
        self.expect_accessible(tab, "read only")

    def test_readers_of_all_kinds_can_use_the_pages_of_trouble_and_of_supervisors(self) -> None:
        page = self.agent().page
        page.goto(self.scene.widget("11111111-2222-4333-8444-555555555555"))
        expect(mark(page, "trouble-not_found")).to_be_visible()
        self.expect_accessible(page, "not found")
        page = self.visit().page
        page.goto(self.scene.widget("11111111-2222-4333-8444-555555555555") + "&popup=true")
        expect(mark(page, "sign-in")).to_be_visible()
        self.expect_accessible(page, "sign in")
        _, conversation = self.full()
        tab = self.open(conversation)
        tab.evaluate("fetch('/widget/api/session', { method: 'DELETE', headers: { 'X-Bridge': '1' } })")
        tab.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        expect(mark(tab, "trouble-signed_out")).to_be_visible()
        self.expect_accessible(tab, "signed out")
        app = self.open(None, DANA)
        expect(mark(app, "thread-row").first).to_be_visible()
        self.expect_accessible(app, "supervisor")

    def test_a_pane_of_320_pixels_needs_no_scrolling_sideways(self) -> None:
        _, conversation = self.full()
        self.addCleanup(self.scene.behave)
        for lang in LANGUAGES:
            tab = self.open(
                conversation, lang=lang, viewport={"width": 320, "height": 640}, color_scheme="dark")
            self.expect_narrow(tab)
            if lang == "en":
                self.write_all(tab)
                self.expect_narrow(tab)
                mark(tab, "cards-summary").click()
                self.expect_narrow(tab)
                mark(tab, "cards-summary").click()
                mark(tab, "tab-answer").click()
                picture(tab, "narrow-dark")
                self.expect_accessible(tab, "narrow")
            self.expect_narrow_at_work(tab)
            mark(tab, "send-finish").click()
            expect(mark(tab, "finish-dialog")).to_be_visible()
            self.expect_narrow(tab)

    def expect_narrow_at_work(self, tab: Page) -> None:
        mark(tab, "open-replies").click()
        expect(mark(tab, "reply").first).to_be_visible()
        self.expect_narrow(tab)
        mark(tab, "close-replies").click()
        mark(tab, "file-input").first.set_input_files([
            {"name": f"{'Long' * 20}.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4"},
            {"name": f"{'Evil' * 20}.html", "mimeType": "text/html", "buffer": b"<p>"}])
        expect(mark(tab, "file").locator("progress")).to_be_hidden()
        expect(mark(tab, "notice-file")).to_be_visible()
        self.expect_narrow(tab)
        self.scene.behave(status=422, count=50, body={"title": "Refused" * 20})
        answer(tab, "Seconds to take it back.")
        expect(mark(tab, "undo-bar")).to_be_visible()
        self.expect_narrow(tab)
        expect(tab.locator('[data-test^="notice-failed-"]').first).to_be_visible()
        self.expect_narrow(tab)
        self.scene.behave()
        tab.locator('[data-test^="notice-failed-"]').first.get_by_test_id("dismiss").click()

    def expect_narrow(self, tab: Page) -> None:
        wide = tab.evaluate(
            """() => [...document.querySelectorAll('body, body *')]
              .filter((it) => it.checkVisibility() && !it.closest('.unseen, .skip, svg')
                && (it.getBoundingClientRect().right > innerWidth + 1 || it.getBoundingClientRect().left < -1))
              .map((it) => it.outerHTML.slice(0, 120))""")
        self.assertEqual(wide, [])
        self.assertLessEqual(tab.evaluate("document.documentElement.scrollWidth"), 320)

    def test_the_page_is_no_higher_than_its_window(self) -> None:
        _, conversation = self.full()
        for tab in (self.open(conversation), self.open(None, DANA)):
            self.assertEqual(tab.evaluate("document.documentElement.scrollHeight - innerHeight"), 0)

    def test_a_long_draft_is_shown_whole_by_a_browser_that_sizes_no_fields(self) -> None:
        _, conversation = self.full()
        tab = self.open(conversation)
        for kind in ("answer", "note"):
            mark(tab, f"tab-{kind}").click()
            mark(tab, f"text-{kind}").fill("A line.\n" * 9)
            expect(mark(tab, f"saved-{kind}")).to_have_text("Draft saved")
        tab.add_init_script("CSS.supports = (name) => name !== 'field-sizing'")
        tab.reload()
        expect(mark(tab, "text-answer")).to_be_visible()
        tab.evaluate("document.styleSheets[0].insertRule('textarea { field-sizing: fixed !important }')")
        for kind in ("note", "answer"):
            mark(tab, f"tab-{kind}").click()
            hidden = mark(tab, f"text-{kind}").evaluate("it => it.scrollHeight - it.clientHeight")
            self.assertLessEqual(hidden, 0, kind)

    def test_in_forced_colours_the_focus_is_told_from_the_selection(self) -> None:
        _, conversation = self.full()
        tab = self.open(conversation, forced_colors="active")
        outline = "it => getComputedStyle(it).outlineStyle"
        self.assertEqual(mark(tab, "tab-answer").evaluate(outline), "none")
        mark(tab, "text-answer").focus()
        tab.keyboard.press("Shift+Tab")
        tab.keyboard.press("Shift+Tab")
        expect(mark(tab, "tab-answer")).to_be_focused()
        self.assertEqual(mark(tab, "tab-answer").evaluate(outline), "solid")

    def test_arabic_stands_from_right_to_left_among_what_does_not(self) -> None:
        text = "مرحبا، أين طردي؟ رقم الطلب 9999 وقد دفعت 403.00 EUR.\nPlease call me."
        customer = {"name": "عمر حداد", "email": "omar@example.com"}
        _, conversation = self.taken(text, message={"subject": "أين طردي؟"}, customer=customer)
        tab = self.open(conversation)
        direction = mark(tab, "body").first.evaluate(
            "it => getComputedStyle([...it.querySelectorAll('*')].at(-1)).direction")
        self.assertEqual(direction, "rtl")
        self.assertEqual(tab.evaluate("getComputedStyle(document.body).direction"), "ltr")
        indent = mark(tab, "body").first.locator(".plain > div").evaluate(
            """it => {
              const range = document.createRange();
              range.setStart(it.firstChild, it.textContent.indexOf('Please'));
              range.setEnd(it.firstChild, it.textContent.length);
              return range.getBoundingClientRect().left - it.getBoundingClientRect().left;
            }""")
        self.assertAlmostEqual(indent, 0, delta=1)
        answer(tab, "طردك في الطريق.")
        delivery(tab, "طردك في الطريق.", "delivered")
        picture(tab, "arabic")

    def test_each_language_is_whole(self) -> None:
        _, conversation = self.full()
        for lang in LANGUAGES:
            with self.subTest(lang):
                tab = self.open(conversation, lang=lang)
                expect(tab.locator("html")).to_have_attribute("lang", lang)
                self.expect_words(tab)
                mark(tab, "tab-note").click()
                mark(tab, "keys").click()
                self.expect_words(tab)
                tab.keyboard.press("Escape")
                mark(tab, "dismiss-open").first.click()
                self.expect_words(tab)

    def test_each_language_has_each_text_that_is_asked_for(self) -> None:
        _, conversation = self.full()
        visit = self.agent()
        loaded = requests(visit.page)
        visit.page.goto(self.scene.widget(conversation))
        expect(mark(visit.page, "view")).to_be_visible()
        scripts = {url for url in loaded if url.endswith(".js")}
        texts = [visit.context.request.get(url).text() for url in scripts]
        wanted = {key for text in texts for key in re.findall(r"\bt\('(\w+)'", text)}
        self.assertGreater(len(wanted), 100)
        [english] = [url for url in scripts if url.endswith("words-en.js")]
        keys = {lang: set(visit.page.evaluate(
            "async (url) => Object.keys((await import(url)).default)", english.replace("-en.", f"-{lang}.")))
            for lang in LANGUAGES}
        for lang in LANGUAGES:
            self.assertEqual(wanted - keys[lang], set(), lang)
            self.assertEqual(keys[lang], keys["en"], lang)

    def test_how_long_ago_something_was_goes_by_the_calendar_and_never_lies_ahead(self) -> None:
        page = self.agent(timezone_id="Europe/Berlin").page
        page.clock.set_fixed_time("2026-11-26T12:00:00Z")
        page.goto(f"{self.scene.origin}/widget?conversationId=none")
        expect(mark(page, "trouble-address")).to_be_visible()
        for at, said in (
            ("2026-11-26T12:04:00Z", "just now"), ("2026-11-26T11:57:00Z", "3 minutes ago"),
            ("2026-11-25T22:30:00Z", "13 hours ago"), ("2026-11-25T11:00:00Z", "yesterday"),
            ("2026-11-24T13:00:00Z", "2 days ago")
        ):
            found = page.evaluate(
                """async (at) => {
                  const { src } = document.querySelector('script[type=module]');
                  return (await import(src.replace('app.js', 'format.js'))).time(at, 'relative').textContent;
                }""", at)
            self.assertEqual(found, said, at)

    def expect_words(self, tab: Page) -> None:
        texts = tab.evaluate(
            """() => [document.body.innerText, ...[...document.querySelectorAll('*')].flatMap((it) =>
                 ['title', 'aria-label', 'placeholder'].map((name) => it.getAttribute(name) ?? ''))]""")
        self.assertEqual([found for text in texts for found in KEY.findall(text)], [])

    def test_one_visit_loads_at_most_60_kib(self) -> None:
        _, conversation = self.full()
        for lang in LANGUAGES:
            visit = self.agent()
            asked = requests(visit.page)
            visit.page.goto(self.scene.widget(conversation, lang))
            expect(mark(visit.page, "view")).to_be_visible()
            page = {url for url in asked if is_page(url)}
            bodies = [visit.context.request.get(url).body() for url in page]
            weight = sum(len(gzip.compress(body, 9)) for body in bodies)
            print(f"{lang}: {weight} bytes in {len(page)} files", flush=True)
            self.assertGreater(len(page), 10)
            self.assertLessEqual(weight, LIMIT, lang)


class Pictures(Case):
    """Of a scene without anything else in it."""

    def test_the_desk_holds_the_tab_the_shop_the_answer_and_the_supervisor_all_of_it(self) -> None:
        shop = self.visit(viewport={"width": 1000, "height": 760}).page
        shop.goto(f"{self.scene.desk_origin}/shop")
        shop.fill("#text", "Where is my teapot? It should have come on Monday.")
        shop.click("#send")
        expect(shop.locator("#thread")).to_contain_text("Your message waits for an agent")
        conversation = self.scene.give("order-1042")
        desk = self.agent()
        desk.page.locator(f'.interaction[data-conversation="{conversation}"] .open').click()
        tab: View = desk.page.frame_locator(f'iframe[data-app="{conversation}"]')
        said = "Hello Jane,\n\nit is on its way and should be with you tomorrow.\n\nSam"
        answer(tab, said)
        delivery(tab, "should be with you tomorrow", "delivered")
        mark(tab, "text-answer").fill("Shall I send you")
        expect(mark(tab, "saved-answer")).to_have_text("Draft saved")
        picture(desk.page, "desk")
        expect(shop.locator("#thread .reply")).to_contain_text("should be with you tomorrow")
        picture(shop, "shop")
        for name, subject in (("Amira Haddad", "Is the lamp dimmable?"), ("Tomasz Nowak", "Faktura do zamówienia"),
                              ("Léa Martin", "The cup came with a crack")):
            self.scene.post(subject, customer={"name": name}, message={"subject": subject})
        app = self.open(None, DANA)
        expect(mark(app, "thread-row")).to_have_count(3)
        expect(mark(app, "thread-row").first).to_contain_text("Amira Haddad")
        picture(app, "supervisor")


def is_page(url: str) -> bool:
    return url.endswith("/widget") or "/widget?" in url and "returned" not in url or "/widget/assets/" in url


if __name__ == "__main__":
    unittest.main()
