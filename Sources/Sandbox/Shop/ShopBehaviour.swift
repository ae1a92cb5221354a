import Foundation
import HTTPTypes

extension Sandbox {
    /// How the demo shop answers the next callbacks.
    public struct ShopBehaviour: Sendable, Equatable {
        public var status: Int
        /// How many callbacks it answers this way.
        public var count: Int
        /// Milliseconds that it takes.
        public var delay: Int
        /// Whether the callback is kept all the same; by default, if the status is a 2xx.
        public var applied: Bool
        /// The `Location` header, for a redirect.
        public var location: String?
        /// Seconds in a `Retry-After` header.
        public var retryAfter: Int?
        /// What is sent: JSON, or text if it is none.
        public var body: String?

        public init(
            status: Int = 200, count: Int = 1, delay: Int = 0, applied: Bool? = nil,
            location: String? = nil, retryAfter: Int? = nil, body: String? = nil
        ) {
            self.status = status
            self.count = count
            self.delay = delay
            self.applied = applied ?? (200..<300).contains(status)
            self.location = location
            self.retryAfter = retryAfter
            self.body = body
        }
    }
}

extension Sandbox.ShopBehaviour: Codable {
    enum CodingKeys: String, CodingKey {
        case status, count, applied, location, body
        case delay = "delay_ms"
        case retryAfter = "retry_after"
    }

    /// The body may be of any kind, and is taken from the JSON as it stands there.
    public init(from decoder: any Decoder) throws {
        let object = try decoder.closedObject(CodingKeys.self)
        self.init(
            status: try object.decodeIfPresent(Int.self, forKey: .status) ?? 200,
            count: try object.decodeIfPresent(Int.self, forKey: .count) ?? 1,
            delay: try object.decodeIfPresent(Int.self, forKey: .delay) ?? 0,
            applied: try object.decodeIfPresent(Bool.self, forKey: .applied),
            location: try object.decodeIfPresent(String.self, forKey: .location),
            retryAfter: try object.decodeIfPresent(Int.self, forKey: .retryAfter),
            body: try? object.decodeIfPresent(String.self, forKey: .body))
        guard (200...599).contains(status), count >= 1, (0...600_000).contains(delay) else {
            throw DecodingError.dataCorruptedError(
                forKey: .status, in: object,
                debugDescription: "status from 200 to 599, count from 1, delay_ms to 600000")
        }
    }

    /// Reads one that may have an object for a body.
    static func read(_ json: Data) throws -> Self {
        var behaviour = try JSONDecoder().decode(Self.self, from: json)
        let object = try JSONSerialization.jsonObject(with: json) as? [String: Any]
        if let body = object?["body"], !(body is String), !(body is NSNull) {
            let bytes = try JSONSerialization.data(
                withJSONObject: body, options: [.fragmentsAllowed, .sortedKeys])
            behaviour.body = String(decoding: bytes, as: UTF8.self)
        }
        return behaviour
    }

    var answer: Answer {
        let data = Data((body ?? "").utf8)
        let isJSON = (try? JSONSerialization.jsonObject(with: data)) != nil
        let json = status < 400 ? "application/json" : "application/problem+json"
        var answer = Answer(
            status: .init(code: status), type: isJSON ? json : "text/plain; charset=utf-8",
            body: data)
        answer.headers[.location] = location
        answer.headers[.retryAfter] = retryAfter.map(String.init)
        return answer
    }
}
