"""Who asks for what is not theirs gets a plain refusal, in which nothing of a customer stands."""

import http.client
import json
import threading
import unittest
from base64 import urlsafe_b64encode
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from calls import Refused
from case import ROBIN, SAM, Case, mark
from playwright.sync_api import Response, Route, expect
from tab import Tab, through_login

STRANGER = "5a6b0c1e-0000-4000-8000-0000000000ff"
SECRETS = ("Ice cold secret", "zoe@example.com", "Müller", "M\\u00fcller", "#9999")


class Refusals(Case):
    def setUp(self) -> None:
        self.thread, self.conversation = self.taken("Ice cold secret")

    def refused(self, status: int, tab: Tab, method: str, path: str, body: Any = None) -> str:
        with self.assertRaises(Refused) as caught:
            tab.call(method, path, body)
        self.assertEqual(caught.exception.status, status, caught.exception.body)
        self.expect_nothing(caught.exception.body)
        return caught.exception.body

    def expect_nothing(self, text: str) -> None:
        for secret in SECRETS:
            self.assertNotIn(secret, text)

    def raw(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> tuple[int, str, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", self.scene.bridge.public, timeout=20)
        try:
            connection.request(method, path, None if body is None else json.dumps(body), headers or {})
            answered = connection.getresponse()
            text = answered.read().decode()
            self.expect_nothing(text)
            return answered.status, text, answered.headers
        finally:
            connection.close()

    def calls(self, conversation: str) -> list[tuple[str, str, Any]]:
        """Every call about a conversation that gives or does something."""
        path = f"/conversations/{conversation}"
        message: dict[str, Any] = {"kind": "answer", "body": "Evil", "files": [], "seen": None, "key": "k"}
        return [
            ("GET", path, None), ("GET", f"{path}/messages?before=x", None), ("GET", f"{path}/wrap-ups", None),
            ("GET", f"{path}/replies?q=", None), ("GET", f"{path}/mail", None), ("GET", f"{path}/stream", None),
            ("GET", f"{path}/earlier/{self.thread}", None), ("GET", f"{path}/files/x", None),
            ("PUT", f"{path}/draft", {"kind": "answer", "body": "Evil", "files": []}),
            ("POST", f"{path}/draft/take", {"agent": SAM, "kind": "answer"}),
            ("POST", f"{path}/messages", message), ("POST", f"{path}/messages/x/retry", None),
            ("POST", f"{path}/messages/x/withdraw", None), ("POST", f"{path}/finish", {"wrap_up": None}),
            ("POST", f"{path}/dismiss", {"reason": "Evil", "seen": None}),
            ("POST", f"{path}/mail", {"subject": "Evil"}), ("POST", f"{path}/recreate", None)]

    def test_a_conversation_of_another_agent_is_refused_as_one_that_there_is_not(self) -> None:
        robin = Tab(self.scene.bridge.public, ROBIN)
        for method, path, body in self.calls(self.conversation):
            with self.subTest(f"{method} {path}"):
                theirs = self.refused(404, robin, method, path, body)
                forged = self.refused(404, robin, method, path.replace(self.conversation, STRANGER), body)
                self.assertEqual(theirs, forged)
        self.assertEqual(len(self.scene.bridge.thread(self.thread)["messages"]), 1)

    def test_a_forged_conversation_is_a_page_without_anything(self) -> None:
        for conversation in (STRANGER, self.conversation):
            page = self.agent(ROBIN).page
            page.goto(self.scene.widget(conversation))
            expect(mark(page, "trouble-not_found")).to_be_visible()
            self.expect_nothing(page.content())

    def test_without_a_session_nothing_is_read_and_nothing_is_done(self) -> None:
        for method, path, body in self.calls(self.conversation):
            with self.subTest(f"{method} {path}"):
                status, _, _ = self.raw(method, f"/widget/api{path}", body, {"X-Bridge": "1"})
                self.assertEqual(status, 401)

    def test_an_ended_session_is_of_no_use_any_more(self) -> None:
        sam = Tab(self.scene.bridge.public, SAM)
        sam.call("GET", f"/conversations/{self.conversation}")
        sam.call("DELETE", "/session")
        for method, path, body in self.calls(self.conversation):
            with self.subTest(f"{method} {path}"):
                self.refused(401, sam, method, path, body)

    def test_an_ended_session_ends_what_the_page_does(self) -> None:
        page = self.open(self.conversation)

        def end_before(route: Route) -> None:
            page.evaluate("fetch('/widget/api/session', { method: 'DELETE', headers: { 'X-Bridge': '1' } })")
            route.continue_()

        page.route("**/messages", end_before)
        mark(page, "text-answer").fill("Never sent")
        with page.expect_response("**/messages") as sent:
            page.keyboard.press("Control+Enter")
        self.assertEqual((sent.value.request.method, sent.value.status), ("POST", 401))
        expect(mark(page, "trouble-signed_out")).to_be_visible()
        self.assertEqual(len(self.scene.bridge.thread(self.thread)["messages"]), 1)

    def test_a_foreign_origin_does_nothing_with_an_agents_cookies(self) -> None:
        sam = Tab(self.scene.bridge.public, SAM)
        path = f"/widget/api/conversations/{self.conversation}/messages"
        body: dict[str, Any] = {"kind": "answer", "body": "Evil", "files": [], "seen": None, "key": "k"}
        good = {"Cookie": sam.cookies(), "X-Bridge": "1", "Content-Type": "application/json"}
        for wrong in (
            {"Origin": "https://evil.example"}, {"Origin": "null"}, {"Origin": f"{self.scene.origin}.evil.example"},
            {"Origin": self.scene.desk_origin}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"},
            {"X-Bridge": ""}
        ):
            with self.subTest(wrong):
                status, text, headers = self.raw("POST", path, body, good | wrong)
                self.assertEqual(status, 403, text)
                self.assertNotIn("access-control-allow-origin", headers)
        self.assertEqual(len(self.scene.bridge.thread(self.thread)["messages"]), 1)

    def test_a_page_of_another_site_neither_reads_nor_writes_in_an_agents_browser(self) -> None:
        # The desk is of the same host, and so the browser sends the session of its frames from there too.
        visit = self.agent()
        visit.page.locator(f'.interaction[data-conversation="{self.conversation}"] .open').click()
        tab = visit.page.frame_locator(f'iframe[data-app="{self.conversation}"]')
        expect(mark(tab, "view")).to_be_visible()
        answered: list[Response] = []
        visit.page.on("response", lambda it: answered.append(it) if "/widget/api" in it.url else None)
        address = f"{self.scene.origin}/widget/api/conversations/{self.conversation}"
        with evil_site() as origin:
            visit.page.goto(origin)
            found = visit.page.evaluate(
                """async (address) => {
                  const said = async (path, options) => {
                    try { return await (await fetch(address + path, { credentials: 'include', ...options })).text(); }
                    catch (error) { return error.name; }
                  };
                  const body = JSON.stringify({ kind: 'answer', body: 'Evil', files: [], key: 'k' });
                  const blind = { method: 'POST', body, mode: 'no-cors' };
                  return [await said('', {}), await said('/messages', { method: 'POST', body }),
                    await said('/messages', { method: 'POST', body, headers: { 'X-Bridge': '1' } }),
                    await said('', { mode: 'no-cors' }), await said('/messages', blind)];
                }""", address)
            self.assertEqual(found, ["TypeError"] * 3 + [""] * 2)
            # The session went along with the last two: what may be read is read blindly, and nothing is done.
            self.assertEqual([(it.request.method, it.status) for it in answered[-2:]], [("GET", 200), ("POST", 403)])
        self.assertEqual(len(self.scene.bridge.thread(self.thread)["messages"]), 1)

    def test_a_page_of_another_site_cannot_frame_the_tab(self) -> None:
        visit = self.agent()
        with evil_site() as origin:
            visit.page.goto(origin)
            visit.page.evaluate(
                "address => { document.body.innerHTML = '<iframe></iframe>'; "
                "const frame = document.querySelector('iframe'); frame.src = address; "
                "return new Promise((done) => { frame.onload = done; }); }", self.scene.widget(self.conversation))
            self.assertTrue(all("/widget" not in frame.url for frame in visit.page.frames))

    def test_a_stolen_login_is_of_no_use_in_another_browser(self) -> None:
        status, _, headers = self.raw("GET", "/widget/login?mode=frame")
        self.assertEqual(status, 302)
        back = through_login(headers["location"], SAM)
        for cookie in ("", self.raw("GET", "/widget/login?mode=frame")[2]["set-cookie"].split(";")[0]):
            status, text, headers = self.raw("GET", f"{back.path}?{back.query}", None, {"Cookie": cookie})
            self.assertEqual(status, 403)
            self.assertNotIn("Sam Carter", text)
            self.assertNotIn("__Host-bridge-session", str(headers))

    def handover(self) -> tuple[str, str]:
        """A code of the popup, and the proof that goes with it."""
        proof = "p" * 43
        challenge = urlsafe_b64encode(sha256(proof.encode()).digest()).decode().rstrip("=")
        _, _, headers = self.raw("GET", f"/widget/login?mode=popup&challenge={challenge}")
        back = through_login(headers["location"], SAM)
        cookie = headers["set-cookie"].split(";")[0]
        status, text, _ = self.raw("GET", f"{back.path}?{back.query}", None, {"Cookie": cookie})
        self.assertEqual(status, 200)
        return text.split("&quot;handover&quot;:&quot;")[1].split("&quot;")[0], proof

    def take(self, code: str, proof: str) -> int:
        headers = {"X-Bridge": "1", "Content-Type": "application/json", "Origin": self.scene.origin}
        body = {"code": code, "proof": proof, "header": True}
        return self.raw("POST", "/widget/api/session", body, headers)[0]

    def test_a_handover_is_good_once(self) -> None:
        code, proof = self.handover()
        self.assertEqual(self.take(code, proof), 200)
        self.assertEqual(self.take(code, proof), 401)

    def test_a_wrong_proof_burns_the_handover(self) -> None:
        code, proof = self.handover()
        self.assertEqual(self.take(code, "q" * 43), 401)
        self.assertEqual(self.take(code, proof), 401)

    def test_no_secret_of_a_login_is_in_a_log(self) -> None:
        sam = Tab(self.scene.bridge.public, SAM)
        sam.call("GET", f"/conversations/{self.conversation}")
        log = self.scene.bridge.log()
        cookies = [one.split("=", 1)[1] for one in sam.cookies().split("; ")]
        for secret in (*SECRETS, *filter(None, cookies)):
            self.assertNotIn(secret, log)


class evil_site:  # noqa: N801 (read as a word)
    """A page that is neither the desk's nor the bridge's."""

    def __enter__(self) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.end_headers()
                self.wfile.write(b"<!doctype html><title>Evil</title>")

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return f"http://localhost:{self.server.server_port}/"

    def __exit__(self, *_: Any) -> None:
        self.server.shutdown()
        self.server.server_close()


if __name__ == "__main__":
    unittest.main()
