import Foundation
import Sandbox
import Testing

/// A websocket to a notification channel, frame by frame.
final class FeedClient {
    /// What a frame was.
    enum Frame: Equatable {
        case text(String)
        case pong(String)
        case close
        /// The connection ended.
        case end
    }

    private let connection: RawConnection
    private var bytes: [UInt8] = []

    /// Connects to the URI of a channel, and throws unless the sandbox takes it.
    init(_ uri: String) async throws {
        connection = try Self.connect(uri)
        let answer = try await Self.readHead(connection)
        #expect(answer.head.hasPrefix("HTTP/1.1 101 "))
        bytes = answer.rest
    }

    /// The first line that the sandbox answers at such a URI.
    static func status(_ uri: String) async throws -> String {
        let head = try await readHead(try connect(uri)).head
        return String(head.prefix { $0 != "\r\n" })
    }

    private static func connect(_ uri: String) throws -> RawConnection {
        let url = try #require(URL(string: uri))
        let connection = try RawConnection(port: try #require(url.port))
        connection.send(
            request(
                "GET", url.path,
                headers: [
                    "Upgrade": "websocket", "Connection": "Upgrade",
                    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version": "13",
                ]))
        return connection
    }

    private static func readHead(
        _ connection: RawConnection
    ) async throws -> (head: String, rest: [UInt8]) {
        var bytes: [UInt8] = []
        while true {
            let text = String(decoding: bytes, as: UTF8.self)
            if let blank = text.range(of: "\r\n\r\n") {
                let head = text[..<blank.upperBound]
                return (String(head), Array(bytes.dropFirst(head.utf8.count)))
            }
            guard case .success(let some) = await connection.read(), !some.isEmpty else {
                throw CancellationError()
            }
            bytes += some
        }
    }

    /// Sends a masked frame, as clients have to.
    func send(opcode: UInt8, _ text: String) {
        let mask: [UInt8] = [1, 2, 3, 4]
        let masked = text.utf8.enumerated().map { $1 ^ mask[$0 % 4] }
        connection.send([0x80 | opcode, 0x80 | UInt8(masked.count)] + mask + masked)
    }

    func next() async throws -> Frame {
        while true {
            if let frame = take() { return frame }
            switch await connection.read() {
            case .success(let some) where !some.isEmpty: bytes += some
            default: return .end
            }
        }
    }

    /// The members of the next text.
    func nextJSON() async throws -> [String: Any] {
        guard case .text(let text) = try await next() else {
            throw DecodingError.valueNotFound(
                String.self, .init(codingPath: [], debugDescription: "no text frame"))
        }
        return try #require(
            try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    /// The message of the next text, which has to be about the channel.
    func nextMessage() async throws -> String? {
        (try await nextJSON()["eventBody"] as? [String: Any])?["message"] as? String
    }

    /// The next event, by its topic, as `purpose state` of each participant.
    func nextEvent() async throws -> (topic: String?, sides: [String]) {
        let frame = try await nextJSON()
        let body = try #require(frame["eventBody"] as? [String: Any])
        let participants = body["participants"] as? [[String: Any]] ?? []
        return (
            frame["topicName"] as? String,
            participants.map { "\($0["purpose"] ?? "") \($0["state"] ?? "")" }
        )
    }

    private func take() -> Frame? {
        guard bytes.count >= 2 else { return nil }
        var length = Int(bytes[1])
        var start = 2
        if length >= 126 {
            let size = length == 126 ? 2 : 8
            guard bytes.count >= 2 + size else { return nil }
            length = bytes[2..<2 + size].reduce(0) { $0 << 8 | Int($1) }
            start += size
        }
        guard bytes.count >= start + length else { return nil }
        let opcode = bytes[0] & 0xF
        let text = String(decoding: bytes[start..<start + length], as: UTF8.self)
        bytes.removeFirst(start + length)
        switch opcode {
        case 1: return .text(text)
        case 10: return .pong(text)
        default: return .close
        }
    }
}

extension Desk {
    static let topic = "v2.routing.queues.\(demoQueue).conversations.emails"
    static let billingTopic = "v2.routing.queues.\(demoBilling).conversations.emails"
    static let channels = "/api/v2/notifications/channels"

    /// A new channel with those topics: its id and the URI to connect to.
    func channel(_ topics: String...) async throws -> (id: String, uri: String) {
        let created = try await sandbox.call("POST", Self.channels, token: client)
        let id = try #require(created.json["id"] as? String)
        let uri = try #require(created.json["connectUri"] as? String)
        let answer = try await subscribe(id, topics)
        #expect(answer.status == 200)
        return (id, uri)
    }

    func subscribe(
        _ id: String, _ topics: [String], method: String = "PUT", query: String = ""
    ) async throws -> ReceivedAnswer {
        let body = try JSONSerialization.data(withJSONObject: topics.map { ["id": $0] })
        return try await sandbox.call(
            method, "\(Self.channels)/\(id)/subscriptions\(query)", token: client,
            body: String(decoding: body, as: UTF8.self))
    }

    /// A change of the conversation that is no change of its sides.
    func touch() async throws {
        let answer = try await sandbox.call(
            ConversationCall.changes[5], on: conversation, token: client)
        #expect(answer.status == 200)
    }
}
