import Testing

@testable import GenesysCloud

struct HTMLTextTests {
    @Test(arguments: [
        ("Hello", "Hello"),
        (
            "<p>Hello&nbsp;{{name}},</p><p>it &amp; I are <b>late</b>.</p>",
            "Hello {{name}},\n\nit & I are late."
        ),
        ("one<br>two<br/>three", "one\ntwo\nthree"),
        ("<div>one</div>\n  <div>two</div>", "one\ntwo"),
        ("<ul>\n <li>one</li>\n <li>two</li>\n</ul>after", "- one\n- two\n\nafter"),
        ("  a \n  b  ", "a b"),
        ("<p>a</p><p></p><p>b</p>", "a\n\nb"),
        (
            #"See <a class="x" href="https://shop.example/?a=1&amp;b=2">here</a>."#,
            "See here (https://shop.example/?a=1&b=2)."
        ),
        (#"<a href="https://shop.example">https://shop.example</a>"#, "https://shop.example"),
        (#"<a href="javascript:alert(1)">x</a>"#, "x"),
        ("<style>p { color: red }</style><SCRIPT>alert('<p>')</script>x<!-- > -->y", "xy"),
        ("<script>never closed", ""),
        ("1 < 2 & 3 > 2 &unknown; &; &#; <", "1 < 2 & 3 > 2 &unknown; &; &#; <"),
        ("gr&uuml;&szlig;e &#8364; &#x20AC; &#xD800;", "grüße € € &#xD800;"),
        ("&lt;b&gt;", "<b>"), ("&amp;lt;", "&lt;"), ("", ""), ("<p></p>", ""),
    ])
    func isPlainTextAsABrowserWouldShowIt(html: String, text: String) {
        #expect(String(html: html) == text)
    }

    @Test func takesNoLongerForHostileText() {
        let openings = String(repeating: "<", count: 20_000)
        #expect(String(html: openings) == openings)
        let entities = String(repeating: "&", count: 20_000)
        #expect(String(html: entities) == entities)
        let unclosed = String(repeating: "<!--", count: 10_000)
        #expect(String(html: unclosed) == "")
    }
}
