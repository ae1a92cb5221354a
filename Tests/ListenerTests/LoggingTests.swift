import Listener
import Logging
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(15))) struct LoggingTests {
    @Test func noLineHasASecretOrWhatACustomerWrote() async throws {
        let lines = Lines()
        var shops = try Shops()
        shops.logger = Logger(label: "test") { _ in lines }
        shops.logger.logLevel = .trace
        let words = "Geheimnis"
        let posts = [
            request("POST", "/v1/messages", [token], body: message(words)),
            request("POST", "/v1/messages?access_token=write-token", [token], body: "{\"\(words)"),
            request(
                "POST", "/v1/messages", [token],
                body: message(words, more: ",\"attributes\":{\"a\":[\"\(words)\"]}")),
            request("POST", "/v1/\(words)", [("Authorization", "Bearer \(words)")], body: words),
            request("POST", "/v1/messages", [("Authorization", "Bearer \(words)")], body: words),
        ]
        for post in posts { _ = try await shops.ask(post) }
        let text = lines.text
        #expect(text.contains("request refused"))
        for secret in [words, "write-token", "zoe@example.com"] { #expect(!text.contains(secret)) }
    }
}

/// Keeps what is logged.
final class Lines: LogHandler {
    private let kept = Mutex("")

    var text: String { kept.withLock { $0 } }

    var metadata: Logger.Metadata {
        get { [:] }
        set {}
    }

    var logLevel: Logger.Level {
        get { .trace }
        set {}
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { nil }
        set {}
    }

    func log(event: LogEvent) {
        kept.withLock { $0 += "\(event.message) \(event.metadata ?? [:])\n" }
    }
}
