"""A pretend Genesys Cloud with its desk and shop, the daemon, and a browser before them."""

import os
import tempfile
from typing import Any

from bridge import TOKEN, Bridge
from calls import call
from machine import until
from playwright.sync_api import BrowserContext, Page
from sandbox import Sandbox

SAM = "5a6b0c1e-0000-4000-8000-000000000001"
ROBIN = "5a6b0c1e-0000-4000-8000-000000000002"
DANA = "5a6b0c1e-0000-4000-8000-000000000011"
KIM = "5a6b0c1e-0000-4000-8000-000000000012"
BILLING = "3f6a0c1e-0000-4000-8000-000000000003"
SHOP_SECRET = "whsec_c2VjcmV0LW9mLXRoZS1zaG9wLWluLXRoZS1icm93c2Vy"
CALLBACK_SECRET = "whsec_YW5vdGhlci1zZWNyZXQtdGhhdC1zaWducy1hbnN3ZXJz"
WIDGET = (
    "http://127.0.0.1:{port}/widget?conversationId={{{{gcConversationId}}}}&gcHostOrigin={{{{gcHostOrigin}}}}"
    "&gcTargetEnv={{{{gcTargetEnv}}}}&lang={{{{gcLangTag}}}}&popup={{{{gcUsePopupAuth}}}}")


class Scene:
    """The desk is at `localhost`, the bridge at `127.0.0.1`: two sites, as Genesys and a bridge are."""

    def __init__(self, release: str, settings: dict[str, Any] | None = None):
        self._folder = tempfile.TemporaryDirectory()
        folder = os.path.realpath(self._folder.name)
        self.sandbox = Sandbox(release, folder)
        port = self.sandbox.port
        self.desk_origin = f"http://localhost:{port}"
        self.bridge = Bridge(release, folder, f"{folder}/outbox.sqlite", self.sandbox, {
            "conversation.followUps": "join", "shop.secrets": [SHOP_SECRET], "shop.toName": "Demo shop",
            "shop.callbackURL": f"http://127.0.0.1:{port}/shop/callback", "shop.callbackSecrets": [CALLBACK_SECRET],
            "callback.schedule": ["200ms"], "genesys.loginURL": f"http://localhost:{port}",
            "genesys.apiURL": f"http://localhost:{port}", "widget.clientID": "demo-widget",
            "widget.clientSecret": "demo-widget-secret", "widget.undo": "2s",
            "widget.frameAncestors": [self.desk_origin]} | (settings or {}))
        self.origin = f"http://127.0.0.1:{self.bridge.public}"
        self.bridge.set("listen.publicURL", self.origin)
        self.sandbox.options = [
            "--widget-url", WIDGET.format(port=self.bridge.public), "--shop-bridge", self.origin,
            "--shop-secret", SHOP_SECRET, "--shop-callback-secret", CALLBACK_SECRET]
        self._number = 0

    def start(self) -> None:
        self.sandbox.start()
        self.bridge.start()

    def end(self) -> None:
        self.bridge.end()
        self.sandbox.end()
        self._folder.cleanup()

    # The shop

    def post(self, body: str, thread: str = "", **more: Any) -> str:
        """A customer writes; returns the thread's key, once Genesys has the message."""
        thread, message = self.write(body, thread, **more)
        until("the message is delivered", lambda: self._is_delivered(message))
        return thread

    def write(self, body: str, thread: str = "", **more: Any) -> tuple[str, str]:
        """A customer writes; returns the thread's key and the message's id."""
        self._number += 1
        thread = thread or f"thread-{self._number}"
        message = {"message": {"id": f"m-{self._number}", "subject": "Where is my parcel?", "body": body},
                   "customer": {"id": f"c-{thread}", "email": "zoe@example.com", "name": "Zoë Müller"},
                   "order": {"number": "#9999", "status": "paid", "total": "403.00", "currency": "EUR",
                             "url": "https://shop.example.com/orders/9999",
                             "items": [{"sku": "A-1", "name": "Lamp", "quantity": 2, "price": "201.50"}]},
                   "conversation": {"key": thread}}
        for part, members in more.items():
            message[part] = message.get(part, {}) | members
        answer = call(
            self.bridge.public, "POST", "/v1/messages", message, headers={"Authorization": f"Bearer {TOKEN}"})
        return thread, str(answer["id"])

    def _is_delivered(self, message: str) -> bool:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        shown = call(self.bridge.public, "GET", f"/v1/messages/{message}", headers=headers)
        return bool(shown["status"] == "delivered")

    def thread(self, key: str) -> dict[str, Any]:
        """As the shop may see it."""
        headers = {"Authorization": f"Bearer {TOKEN}"}
        return dict(call(self.bridge.public, "GET", f"/v1/threads/{key}", headers=headers))

    def told(self) -> list[dict[str, Any]]:
        """All callbacks that the shop has kept, oldest first, with what it knows of each."""
        return list(call(self.sandbox.port, "GET", "/shop/callbacks")["callbacks"])

    def replies(self) -> list[dict[str, Any]]:
        """The answers among them."""
        return [one["body"]["data"] for one in self.told() if one["body"]["type"] == "agent.reply"]

    def behave(self, **behaviour: Any) -> None:
        """How the shop answers its next callbacks; without anything, as it should."""
        call(self.sandbox.port, "DELETE", "/shop/behaviour")
        if behaviour:
            call(self.sandbox.port, "POST", "/shop/behaviour", behaviour)

    # Genesys

    def conversation(self, key: str) -> str:
        """The id of the thread's newest conversation."""
        found = [one for one in self.sandbox.conversations() if one["attributes"].get("bridge.thread") == key]
        return str(found[-1]["id"])

    def give(self, key: str, agent: str = SAM) -> str:
        """Has an agent take the thread's conversation, and returns its id."""
        conversation = self.conversation(key)
        self.sandbox.take(conversation, agent)
        return conversation

    def widget(self, conversation: str | None, lang: str = "en-us", **more: str) -> str:
        """The page's address with the tokens filled in, as Genesys does."""
        tokens = {"gcHostOrigin": self.desk_origin, "gcTargetEnv": "prod", "lang": lang} | more
        if conversation is not None:
            tokens = {"conversationId": conversation} | tokens
        return f"{self.origin}/widget?" + "&".join(f"{name}={value}" for name, value in tokens.items())


class Visit:
    """One person's browser, with nothing kept from any before."""

    def __init__(self, context: BrowserContext):
        self.context = context
        self.context.set_default_timeout(15_000)
        self.page: Page = self.context.new_page()
        #: What went wrong inside the pages.
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def log_in(self, scene: Scene, agent: str = SAM) -> None:
        """Logs in at Genesys, as agents are before they open anything."""
        self.page.goto(f"{scene.desk_origin}/desk")
        self.page.click(f'button[data-agent="{agent}"]')

    def close(self) -> None:
        # A page asks again at any moment: what a test answers in the bridge's stead finds its page to the end.
        # A window of a login goes by itself at any moment, and no test answers in its stead.
        self.context.unroute_all(behavior="wait")
        if not self.page.is_closed():
            self.page.unroute_all(behavior="wait")
        self.context.close()


#: The distribution's own browser. Its sandbox does not run in every container, and it meets nobody else's pages.
CHROMIUM: dict[str, Any] = {"executable_path": "/usr/bin/chromium", "args": ["--no-sandbox"]}
