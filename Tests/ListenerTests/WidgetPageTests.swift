import ExactJSON
import Foundation
import Listener
import TestSupport
import Testing
import WidgetPage

@Suite(.timeLimit(.minutes(15))) struct WidgetPageTests {
    private let scene = WidgetScene()
    private let policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        + "connect-src 'self'; form-action 'none'; base-uri 'none'; "
        + "require-trusted-types-for 'script'; trusted-types bridge-inert; "
        + "frame-ancestors https://apps.mypurecloud.de"

    private func assets(_ browser: WidgetBrowser) async throws -> String {
        let text = try await browser.get("/widget").text
        let start = try #require(text.range(of: "/widget/assets/"))
        return "/widget/assets/" + text[start.upperBound...].prefix { $0 != "/" }
    }

    @Test func theShellIsTheSameForEverybody() async throws {
        try await scene.serve { browser in
            let page = try await browser.get("/widget?conversationId=1&lang=%3Cscript%3E")
            #expect(page.status == 200)
            #expect(page["content-type"] == "text/html; charset=utf-8")
            #expect(!page.text.contains("{{"))
            try await browser.logIn()
            #expect(try await browser.get("/widget").text == page.text)
            let settings = try #require(page.settings)
            #expect(settings["hostOrigins"] == ["https://apps.mypurecloud.de"])
            #expect(settings["login"] == "auto")
            #expect(settings["undoSeconds"] == 5)
            #expect(settings["maxFile"] == 10_485_760)
            #expect(settings["fileTypes"]?.array?.contains("application/pdf") == true)
        }
    }

    @Test func everyAnswerIsGuarded() async throws {
        let paths = [
            "/widget", "/widget/", "/%77idget", "/widget/login?mode=x", "/widget/login",
            "/widget/callback", "/widget/api/session", "/widget/api/nothing", "/widget/none",
            "/widget/assets/x/y", "/widget/%ff",
        ]
        try await scene.serve { browser in
            for path in paths {
                for method in ["GET", "HEAD", "PATCH"] {
                    let answer = try await browser.send(method, path, WidgetBrowser.own)
                    #expect(answer["content-security-policy"] == policy, "\(method) \(path)")
                    #expect(answer["cache-control"] == "no-store", "\(method) \(path)")
                    #expect(answer["vary"] == "cookie, authorization", "\(method) \(path)")
                    #expect(answer["referrer-policy"] == "no-referrer", "\(method) \(path)")
                    #expect(answer["x-content-type-options"] == "nosniff", "\(method) \(path)")
                    #expect(answer["x-frame-options"] == nil, "\(method) \(path)")
                }
            }
            #expect(try await browser.get("/v1/other")["content-security-policy"] == nil)
        }
    }

    @Test func whatTheShellNamesIsKeptForGood() async throws {
        try await scene.serve { browser in
            let assets = try await assets(browser)
            let script = try await browser.get("\(assets)/app.js")
            #expect(script.status == 200)
            #expect(script.body == WidgetPage.files["app.js"])
            #expect(script["content-type"] == "text/javascript; charset=utf-8")
            #expect(script["cache-control"] == "public, max-age=31536000, immutable")
            #expect(script["vary"] == "accept-encoding")
            #expect(script["x-content-type-options"] == "nosniff")
            #expect(script.cookies.isEmpty)
        }
    }

    @Test func everyFileButTheTemplatesIsServed() async throws {
        try await scene.serve { browser in
            let assets = try await assets(browser)
            for (name, bytes) in WidgetPage.files {
                let answer = try await browser.get("\(assets)/\(name)")
                if name.hasSuffix(".html") {
                    #expect(answer.status == 404)
                } else {
                    #expect(answer.body == bytes, "\(name)")
                }
            }
        }
    }

    @Test func theIconHasAnAddressThatStays() async throws {
        try await scene.serve { browser in
            let icon = try await browser.get("/widget/icon.svg")
            #expect(icon.status == 200 && icon.body == WidgetPage.files["icon.svg"])
            #expect(icon["content-type"] == "image/svg+xml")
            #expect(icon["cache-control"] == "public, max-age=86400")
            #expect(icon.cookies.isEmpty)
        }
    }

    @Test func otherFilesAreNotThere() async throws {
        try await scene.serve { browser in
            let assets = try await assets(browser)
            for path in [
                "\(assets)/none.js", "/widget/assets/other/app.js", "\(assets)/..%2Fapp.js",
                "\(assets)/%2Fetc%2Fpasswd", "\(assets)/app.js/x",
            ] { #expect(try await browser.get(path).status == 404) }
        }
    }

    @Test func withoutAncestorsNobodyFramesIt() async throws {
        var scene = scene
        scene.settings.ancestors = []
        try await scene.serve { browser in
            let policy = try await browser.get("/widget")["content-security-policy"]
            #expect(policy?.hasSuffix("; frame-ancestors 'none'") == true)
        }
    }

    @Test(arguments: ["/widget", "/widget/login", "/widget/api/session"])
    func withoutATabThereIsNothing(_ path: String) async throws {
        let answer = try await Shops().serve { port in
            let client = try Client(port: port)
            client.send(request("GET", path))
            return try #require(try await client.answer())
        }
        #expect(answer.status == 404)
        #expect(answer["content-security-policy"] == nil)
    }
}
