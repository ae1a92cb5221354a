"""What the tests of the tab share: one browser for all of them, and a scene for each file."""

import atexit
import functools
import os
import unittest
from typing import Any, ClassVar

from playwright.sync_api import (
    Browser,
    BrowserContext,
    FrameLocator,
    Locator,
    Page,
    Playwright,
    expect,
    sync_playwright,
)
from scene import CHROMIUM, ROBIN, SAM, Scene, Visit

View = Page | FrameLocator
PROGRAMS = os.environ.get("BRIDGE_PROGRAMS", ".build/debug")
expect.set_options(timeout=15_000)


@functools.cache
def playwright() -> Playwright:
    started = sync_playwright().start()
    started.selectors.set_test_id_attribute("data-test")
    atexit.register(started.stop)
    return started


@functools.cache
def browser() -> Browser:
    started = playwright().chromium.launch(**CHROMIUM)
    atexit.register(started.close)
    return started


class Case(unittest.TestCase):
    """Each person has a browser of their own; what goes wrong inside a page fails the test."""

    settings: ClassVar[dict[str, Any]] = {}
    scene: ClassVar[Scene]

    @classmethod
    def setUpClass(cls) -> None:
        cls.scene = Scene(PROGRAMS, cls.settings)
        cls.addClassCleanup(cls.scene.end)
        cls.scene.start()

    def visit(self, **options: Any) -> Visit:
        """Somebody's browser, with nothing kept in it."""
        common = {"viewport": {"width": 1280, "height": 800}, "locale": "en-US", "reduced_motion": "reduce"}
        return self.watch(Visit(browser().new_context(**common | options)))

    def watch(self, visit: Visit) -> Visit:
        self.addCleanup(visit.close)
        self.addCleanup(lambda: self.assertEqual(visit.errors, []))
        return visit

    def agent(self, agent: str = SAM, **options: Any) -> Visit:
        """The browser of an agent who is logged in at Genesys."""
        visit = self.visit(**options)
        visit.log_in(self.scene, agent)
        expect(visit.page.locator("#agent")).not_to_be_empty()
        return visit

    def open(self, conversation: str | None, agent: str = SAM, lang: str = "en-us", **options: Any) -> Page:
        """The tab by itself, without the desk around it."""
        page = self.agent(agent, **options).page
        page.goto(self.scene.widget(conversation, lang))
        expect(mark(page, "view" if conversation else "supervisor")).to_be_visible()
        return page

    def taken(self, body: str = "Where is my parcel?", agent: str = SAM, **more: Any) -> tuple[str, str]:
        """A customer's thread that an agent has, and its conversation."""
        thread = self.scene.post(body, **more)
        return thread, self.scene.give(thread, agent)

    def answers(self, thread: str) -> list[str]:
        """What the shop was told in that thread."""
        return [one["reply"]["body"] for one in self.scene.replies() if one["conversation"]["key"] == thread]


def mark(view: View, name: str) -> Locator:
    return view.get_by_test_id(name)


def message(view: View, text: str) -> Locator:
    """The message of the thread that has this text."""
    return mark(view, "messages").locator("li.message").filter(has_text=text)


def delivery(view: View, text: str, state: str) -> None:
    """Waits until the thread says so of that message."""
    expect(message(view, text).get_by_test_id("delivery")).to_have_attribute("data-state", state)


def requests(of: Page | BrowserContext) -> list[str]:
    """The addresses that are asked for from now on."""
    asked: list[str] = []
    of.on("request", lambda it: asked.append(it.url))
    return asked


def answer(view: View, text: str) -> None:
    mark(view, "text-answer").fill(text)
    mark(view, "send-answer").click()


__all__ = [
    "ROBIN", "SAM", "Case", "View", "answer", "browser", "delivery", "mark", "message", "playwright",
    "requests"]
