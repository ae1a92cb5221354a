"""The ways to log in to the tab, and what stands in their way."""

import json
import os
import re
import tempfile
import unittest
from typing import Any, ClassVar

from case import ROBIN, SAM, Case, View, answer, delivery, mark, message, playwright, requests
from playwright.sync_api import Page, Route, expect
from scene import CHROMIUM, Visit


def choose(view: View, agent: str = SAM) -> None:
    """On the login's own page."""
    view.locator(f'button[data-agent="{agent}"]').click()


class Logins(Case):
    def setUp(self) -> None:
        self.scene.sandbox.set(loginShowsPage=False, loginRefusesFraming=False, loginError=None)
        _, self.conversation = self.taken("Where is my parcel?")

    def framed(self, popup: bool = False) -> tuple[Visit, View]:
        """The desk of an agent and the tab in its frame."""
        desk = self.agent()
        # The address of the widget follows the switch with the first look that the desk begins after it.
        with desk.page.expect_response(
            lambda it: it.url.endswith("/desk/poll") and it.request.post_data_json["popup"] is popup
        ):
            desk.page.set_checked("#popup-auth", popup)
        return desk, self.show(desk, self.conversation)

    def show(self, desk: Visit, conversation: str) -> View:
        """The tab of that conversation, chosen at the desk."""
        desk.page.locator(f'.interaction[data-conversation="{conversation}"] .open').click()
        return desk.page.frame_locator(f'iframe[data-app="{conversation}"]')

    def expect_thread(self, tab: View) -> None:
        expect(message(tab, "Where is my parcel?")).to_be_visible()

    def by_popup(self, page: Page, tab: View) -> Page:
        with page.expect_popup() as popup:
            mark(tab, "sign-in").click()
        return popup.value

    def test_whoever_is_logged_in_at_genesys_is_logged_in_silently_in_the_frame(self) -> None:
        desk, tab = self.framed()
        self.expect_thread(tab)
        cookies = {one["name"]: one for one in desk.context.cookies(self.scene.origin)}
        kept = cookies["__Host-bridge-session"]
        self.assertEqual((kept["httpOnly"], kept["secure"], kept["sameSite"]), (True, True, "None"))
        self.assertEqual(kept["partitionKey"], "http://localhost")

    def test_the_page_of_the_login_can_stand_in_the_frame(self) -> None:
        self.scene.sandbox.set(loginShowsPage=True)
        _, tab = self.framed()
        choose(tab)
        self.expect_thread(tab)

    def test_a_click_opens_a_window_where_the_host_wants_one(self) -> None:
        desk, tab = self.framed(popup=True)
        popup = self.by_popup(desk.page, tab)
        self.expect_thread(tab)
        if not popup.is_closed():
            popup.wait_for_event("close")

    def test_a_window_without_its_opener_shows_a_code_to_type(self) -> None:
        self.scene.sandbox.set(loginShowsPage=True)
        desk, tab = self.framed(popup=True)
        # As a login page does that isolates its window (COOP).
        desk.context.add_init_script("if (window.name === 'bridge-sign-in') window.opener = null")
        popup = self.by_popup(desk.page, tab)
        choose(popup)
        code = mark(popup, "code").inner_text()
        mark(tab, "by-hand").locator("summary").click()
        mark(tab, "handover").fill(f" {code} ")
        mark(tab, "use-code").click()
        self.expect_thread(tab)

    def test_a_login_that_isolates_its_window_is_let_in_by_the_frames_sandbox(self) -> None:
        self.scene.sandbox.set(loginShowsPage=True)
        desk, tab = self.framed(popup=True)

        def isolate(route: Route) -> None:
            page = route.fetch(max_redirects=0)
            route.fulfill(response=page, headers=page.headers | {"cross-origin-opener-policy": "same-origin"})

        desk.context.route("**/oauth/authorize**", isolate)
        popup = self.by_popup(desk.page, tab)
        choose(popup)
        code = mark(popup, "code").inner_text()
        mark(tab, "by-hand").locator("summary").click()
        mark(tab, "handover").fill(code)
        mark(tab, "use-code").click()
        self.expect_thread(tab)

    def test_the_desk_gives_its_frames_the_sandbox_that_the_set_up_asks_for(self) -> None:
        desk, _ = self.framed()
        given = desk.page.locator("iframe").get_attribute("sandbox") or ""
        with open("Sources/Bridge/Bridge.docc/SetUpTheAgentsTab.md") as page:
            documented = re.findall(r'"sandbox": "(.*)"', page.read())
        self.assertEqual(documented, [given.replace(" ", ",")] * 2)

    def test_a_wrong_code_burns_nothing_but_itself(self) -> None:
        self.scene.sandbox.set(loginShowsPage=True)
        desk, tab = self.framed(popup=True)
        self.by_popup(desk.page, tab).close()
        mark(tab, "by-hand").locator("summary").click()
        mark(tab, "handover").fill("nonsense")
        mark(tab, "use-code").click()
        expect(mark(tab, "sign-in-problem")).to_contain_text("not accepted")
        choose(self.by_popup(desk.page, tab))
        self.expect_thread(tab)

    def test_an_error_of_the_login_is_said_in_the_frame_with_a_way_back(self) -> None:
        self.scene.sandbox.set(loginError="access_denied")
        desk, tab = self.framed()
        expect(mark(tab, "trouble-login_failed")).to_contain_text("access_denied")
        self.scene.sandbox.set(loginError=None)
        mark(tab, "back").click()
        expect(mark(tab, "trouble-sign_in")).to_be_visible()
        self.by_popup(desk.page, tab)
        self.expect_thread(tab)

    def test_an_error_of_the_login_is_said_in_the_window_too(self) -> None:
        self.scene.sandbox.set(loginError="access_denied")
        desk, tab = self.framed(popup=True)
        popup = self.by_popup(desk.page, tab)
        expect(mark(popup, "trouble-login_failed")).to_contain_text("access_denied")
        mark(popup, "close").click()
        self.scene.sandbox.set(loginError=None)
        self.by_popup(desk.page, tab)
        self.expect_thread(tab)

    def without_cookies_in_frames(self) -> Visit:
        """An agent's browser that blocks what the bridge keeps in the desk's frames, partitioned or not."""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        blocked = {f"{self.scene.origin},{self.scene.desk_origin}": {"setting": 2}}
        preferences = {"profile": {"content_settings": {"exceptions": {"cookies": blocked}}}}
        os.mkdir(f"{folder.name}/Default")
        with open(f"{folder.name}/Default/Preferences", "w") as file:
            json.dump(preferences, file)
        visit = self.watch(Visit(playwright().chromium.launch_persistent_context(folder.name, **CHROMIUM)))
        visit.log_in(self.scene)
        return visit

    def test_a_browser_that_keeps_no_cookie_in_frames_carries_the_session_in_a_header(self) -> None:
        desk = self.without_cookies_in_frames()
        tab = self.show(desk, self.conversation)
        expect(mark(tab, "trouble-sign_in")).to_contain_text("keeps no cookies")
        self.by_popup(desk.page, tab)
        self.expect_thread(tab)
        answer(tab, "With a header.")
        delivery(tab, "With a header.", "delivered")
        self.assertEqual(desk.context.cookies(self.scene.origin), [])
        label = {"name": "label.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"}
        mark(tab, "file-input").first.set_input_files(files=[label])
        expect(mark(tab, "file").locator("progress")).to_be_hidden()
        answer(tab, "Here is your label.")
        attached = message(tab, "Here is your label.").get_by_test_id("attachment")
        desk.context.route("**/api/**/files/*", lambda route: route.abort(), times=1)
        attached.locator("a").click()
        expect(attached).to_contain_text("No connection")
        with desk.page.expect_download() as download:
            attached.locator("a").click()
        with open(download.value.path(), "rb") as kept:
            self.assertEqual(kept.read(), label["buffer"])
        expect(attached).not_to_contain_text("No connection")

    def test_one_login_serves_all_tabs_of_a_desk_whose_browser_keeps_no_cookie(self) -> None:
        _, waiting = self.taken("And where is my lamp?")
        _, later = self.taken("And where is my cup?")
        desk = self.without_cookies_in_frames()
        lamp = self.show(desk, waiting)
        expect(mark(lamp, "sign-in")).to_be_visible()
        tab = self.show(desk, self.conversation)
        self.by_popup(desk.page, tab)
        self.expect_thread(tab)
        lamp = self.show(desk, waiting)
        expect(message(lamp, "And where is my lamp?")).to_be_visible()
        cup = self.show(desk, later)
        expect(message(cup, "And where is my cup?")).to_be_visible()
        with desk.page.expect_event("framedetached"):
            desk.page.click("#reload")
        expect(message(cup, "And where is my cup?")).to_be_visible()
        mark(cup, "agent").click()
        mark(cup, "sign-in-anew").click()
        expect(mark(cup, "trouble-sign_in")).to_be_visible()
        tab = self.show(desk, self.conversation)
        expect(mark(tab, "trouble-signed_out")).to_be_visible()
        self.by_popup(desk.page, tab)
        self.expect_thread(tab)
        cup = self.show(desk, later)
        expect(message(cup, "And where is my cup?")).to_be_visible()

    def test_a_tab_that_meets_a_passing_failure_uses_the_session_of_another_all_the_same(self) -> None:
        _, waiting = self.taken("And where is my lamp?")
        desk = self.without_cookies_in_frames()
        lamp = self.show(desk, waiting)
        expect(mark(lamp, "sign-in")).to_be_visible()
        failed: list[str] = []

        def fail(route: Route) -> None:
            if route.request.method != "GET" or failed:
                return route.fallback()
            failed.append(route.request.url)
            return route.fulfill(status=503, json={"status": 503, "code": "unavailable"})

        tab = self.show(desk, self.conversation)
        expect(mark(tab, "sign-in")).to_be_visible()
        desk.context.route("**/widget/api/session", fail)
        self.by_popup(desk.page, tab)
        self.expect_thread(tab)
        lamp = self.show(desk, waiting)
        expect(message(lamp, "And where is my lamp?")).to_be_visible()
        self.assertEqual(len(failed), 1)

    def test_a_session_of_another_tab_that_does_not_hold_is_tried_once(self) -> None:
        desk = self.without_cookies_in_frames()
        tab = self.show(desk, self.conversation)
        expect(mark(tab, "sign-in")).to_be_visible()
        asked = requests(desk.page)
        with desk.page.expect_response("**/widget/api/session"):
            tab.locator("body").evaluate(
                """() => {
                  const channel = new BroadcastChannel('bridge-session');
                  const offer = (session) => channel.postMessage({ session });
                  channel.onmessage = () => offer('A'.repeat(43));
                  for (const odd of [null, 7, {}, 'short', `${'A'.repeat(42)}\\n`]) offer(odd);
                  channel.postMessage('text');
                  offer('A'.repeat(43));
                }""")
        self.by_popup(desk.page, tab)
        self.expect_thread(tab)
        self.assertEqual(len([it for it in asked if it.endswith("/widget/api/session")]), 2)

    def test_a_session_that_does_not_hold_turns_in_no_circle(self) -> None:
        visit = self.agent()
        asked = requests(visit.page)

        def refuse(route: Route) -> None:
            route.fulfill(status=401, json={"status": 401, "login": "auto", "cookies": True})

        visit.page.route("**/widget/api/session", refuse)
        visit.page.goto(self.scene.widget(self.conversation))
        expect(mark(visit.page, "sign-in")).to_be_visible()
        self.assertEqual(len([one for one in asked if "/oauth/authorize" in one]), 1)

    def test_whoever_is_signed_out_during_the_work_keeps_the_text_and_goes_on(self) -> None:
        tab = self.open(self.conversation)
        # In one go: a draft that was kept before would leave the page nothing to notice the end by for 15 s.
        mark(tab, "text-answer").evaluate(
            """async (it) => {
              await fetch('/widget/api/session', { method: 'DELETE', headers: { 'X-Bridge': '1' } });
              it.value = 'Half an ans';
              it.dispatchEvent(new Event('input', { bubbles: true }));
            }""")
        expect(mark(tab, "trouble-signed_out")).to_be_visible()
        with tab.expect_popup():
            mark(tab, "sign-in").click()
        expect(mark(tab, "trouble-signed_out")).to_have_count(0)
        expect(mark(tab, "text-answer")).to_have_value("Half an ans")
        mark(tab, "text-answer").fill("A whole answer.")
        mark(tab, "send-answer").click()
        delivery(tab, "A whole answer.", "delivered")

    def test_check_says_where_the_tab_is_and_whether_genesys_knows_its_client(self) -> None:
        bridge = self.scene.bridge
        told = bridge.check("--live")
        self.assertIn(f"{self.scene.origin}/widget, login in the tab", told)
        self.assertIn("there is no widget.sessionKeys", told)
        self.assertIn("agents' OAuth client: is known", told)
        self.addCleanup(bridge.set, "widget.clientID", "demo-widget")
        bridge.set("widget.clientID", "does-not-exist")
        with self.assertRaisesRegex(RuntimeError, r"(?s) ended 78: .*client not found.*check widget\.clientID"):
            bridge.check("--live")

    def test_a_dialog_outlives_the_end_of_the_session_with_what_is_written_in_it(self) -> None:
        tab = self.open(self.conversation)
        mark(tab, "dismiss-open").first.click()
        mark(tab, "own-reason").fill("Solved by phone")
        tab.evaluate("fetch('/widget/api/session', { method: 'DELETE', headers: { 'X-Bridge': '1' } })")
        # As whoever comes back to the tab.
        tab.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        heading = mark(tab, "trouble-signed_out").locator("h1")
        expect(heading).to_be_focused()
        tab.keyboard.press("Escape")
        expect(heading).to_be_visible()
        with tab.expect_popup():
            mark(tab, "sign-in").click()
        expect(heading).to_have_count(0)
        expect(mark(tab, "own-reason")).to_have_value("Solved by phone")
        expect(mark(tab, "own-reason")).to_be_focused()
        mark(tab, "confirm-dismiss").click()
        expect(mark(tab, "notice-dismissed")).to_be_visible()

    def test_a_window_whose_session_is_anothers_by_now_does_nothing_for_them_and_shows_who_they_are(self) -> None:
        visit, other = self.agent(SAM), self.agent(ROBIN)
        for one in (visit, other):
            one.page.goto(self.scene.widget(self.conversation))
        expect(mark(visit.page, "view")).to_be_visible()
        expect(mark(other.page, "trouble-not_found")).to_be_visible()
        named: list[str | None] = []
        visit.page.on("request", lambda it: named.append(it.headers.get("x-agent")) if "/api/conv" in it.url else None)
        [cookie] = [one for one in other.context.cookies(self.scene.origin) if one["name"].endswith("session")]
        visit.context.add_cookies([cookie])
        mark(visit.page, "text-answer").fill("In whose name?")
        expect(mark(visit.page, "trouble-not_found")).to_be_visible()
        expect(mark(visit.page, "signed-in-as")).to_contain_text("Robin")
        self.assertIn(SAM, named)
        self.assertNotIn(None, named)

    def test_the_login_of_a_frame_is_named_in_the_address_and_nothing_secret_is(self) -> None:
        tab = self.open(self.conversation)
        self.assertNotIn("returned", tab.url)
        self.assertIsNone(re.search(r"code=|state=|token|session", tab.url))
        self.assertEqual(tab.evaluate("[localStorage.length, sessionStorage.length, document.cookie]"), [0, 0, ""])


class ByPopup(Case):
    settings: ClassVar[dict[str, Any]] = {"widget.login": "popup"}

    def test_an_identity_provider_that_refuses_frames_is_met_in_a_window(self) -> None:
        self.scene.sandbox.set(loginShowsPage=True, loginRefusesFraming=True)
        _, conversation = self.taken("Where is my parcel?")
        desk = self.agent()
        desk.page.locator(f'.interaction[data-conversation="{conversation}"] .open').click()
        tab = desk.page.frame_locator(f'iframe[data-app="{conversation}"]')
        with desk.page.expect_popup() as popup:
            mark(tab, "sign-in").click()
        choose(popup.value)
        expect(message(tab, "Where is my parcel?")).to_be_visible()


if __name__ == "__main__":
    unittest.main()
