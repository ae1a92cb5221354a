import ExactJSON
import Foundation
import Listener
import Logging
import Outbox
import TestSupport
import Testing

/// The agents' tab over a store in memory, and a pretended Genesys to log in at.
struct WidgetScene {
    static let origin = "https://bridge.example.com"

    let clock: ManualClock
    let store: MemoryOutbox
    let genesys = WidgetLogins()
    var logger = Logger.silent
    var settings = WidgetSettings(
        origin: Self.origin, ancestors: ["https://apps.mypurecloud.de"],
        sessionKeys: [Array(repeating: 1, count: 32)])

    init() {
        clock = ManualClock()
        store = MemoryOutbox(clock.environment)
    }

    func serve<Result>(_ body: (WidgetBrowser) async throws -> Result) async throws -> Result {
        try await serving(
            { listening in
                PublicFace(
                    at: ListenAddress(host: "127.0.0.1", port: 0), shops: [],
                    settings: IntakeSettings(), store: store,
                    relay: {
                        .init(destinations: [], routes: [], inFlight: 0, deliveredLastMinute: 0)
                    },
                    widget: Widget(
                        settings,
                        links: FileLinks(
                            key: Array(repeating: 2, count: 32), origin: Self.origin,
                            lifetime: settings.linkLifetime, now: clock.environment.now),
                        services: genesys, store: store, environment: clock.environment),
                    environment: clock.environment, logger: logger, listening: listening)
            },
            { port in try await body(WidgetBrowser(port: port, genesys: genesys)) })
    }
}

/// Keeps the cookies it is given, as a browser does.
final class WidgetBrowser {
    static let own = [("X-Bridge", "1"), ("Origin", WidgetScene.origin)]

    private let port: Int
    private let genesys: WidgetLogins
    var cookies: [String: String] = [:]

    init(port: Int, genesys: WidgetLogins) {
        self.port = port
        self.genesys = genesys
    }

    /// The name of the cookie that a login under way has.
    var loginCookie: String? { cookies.keys.first { $0.hasPrefix("__Host-bridge-login-") } }

    /// One that has been nowhere yet.
    func other() -> WidgetBrowser { WidgetBrowser(port: port, genesys: genesys) }

    func send(
        _ method: String, _ path: String, _ fields: [(String, String)] = [], body: String? = nil
    ) async throws -> Client.Answer {
        var fields = fields
        if !cookies.isEmpty {
            let pairs = cookies.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            fields.append(("Cookie", pairs.joined(separator: "; ")))
        }
        let client = try Client(port: port)
        client.send(request(method, path, fields, body: body))
        let answer = try #require(try await client.answer(toHead: method == "HEAD"))
        for cookie in answer.cookies {
            let pair = cookie.prefix { $0 != ";" }.split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            cookies[String(pair[0])] = cookie.contains("Max-Age=0") ? nil : String(pair[1])
        }
        return answer
    }

    func get(_ path: String, _ fields: [(String, String)] = []) async throws -> Client.Answer {
        try await send("GET", path, fields)
    }

    /// Goes to the login and agrees there.
    /// - Returns: where Genesys sends the browser back to, on our host.
    func agree(_ query: String = "mode=frame") async throws -> String {
        let login = try await get("/widget/login?\(query)")
        let (code, state) = try genesys.agree(to: try #require(login["location"]))
        return "/widget/callback?code=\(code)&state=\(state)"
    }

    @discardableResult
    func logIn(_ query: String = "mode=frame") async throws -> Client.Answer {
        try await get(try await agree(query))
    }

    /// Logs in by a window of its own.
    /// - Returns: the code that the window gives to the tab.
    func handover(for proof: WidgetProof) async throws -> String {
        let page = try await logIn("mode=popup&challenge=\(proof.challenge)")
        return try #require(page.settings?["handover"]?.string)
    }

    func take(
        _ code: String, _ proof: WidgetProof, header: Bool = false,
        _ fields: [(String, String)] = WidgetBrowser.own
    ) async throws -> Client.Answer {
        let body: JSON = [
            "code": .string(code), "proof": .string(proof.text), "header": .bool(header),
        ]
        return try await send("POST", "/widget/api/session", fields, body: body.text)
    }
}

/// What a tab keeps to itself, and what it shows of it.
struct WidgetProof {
    var text = "a-proof-of-43-characters-that-nobody-else-has"
    /// Made elsewhere, of that text.
    let challenge = "H3gX8Ug4hFmapnoIGzBih4T4Y10aIuyoW8ag3lvFhy0"
}

extension Client.Answer {
    /// The values of all `Set-Cookie` fields.
    var cookies: [String] {
        head.components(separatedBy: "\r\n").filter { $0.lowercased().hasPrefix("set-cookie:") }
            .map { $0.dropFirst("set-cookie:".count).trimmingCharacters(in: .whitespaces) }
    }

    /// What a page was given, as its script reads it.
    var settings: JSON? {
        guard let start = text.range(of: "data-settings=\""),
            let end = text[start.upperBound...].firstIndex(of: "\"")
        else { return nil }
        let escaped = text[start.upperBound..<end]
        guard !escaped.contains("<") else { return nil }
        let plain = escaped.replacing("&quot;", with: "\"").replacing("&lt;", with: "<")
            .replacing("&gt;", with: ">").replacing("&#39;", with: "'")
            .replacing("&amp;", with: "&")
        return try? JSON(parsing: Array(plain.utf8))
    }
}
