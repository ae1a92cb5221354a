import Foundation
import HTTPTypes

extension Sandbox {
    /// One call to the pretend API, and what was answered.
    public struct JournalEntry: Codable, Sendable, Equatable {
        /// Counts from 1, in the order in which the calls arrived.
        public var number: Int
        /// When it arrived, as ISO 8601 with microseconds, in UTC.
        public var time: String
        /// The connection it came on; connections are counted from 1 as well.
        public var connection: Int
        /// What faults call this kind of call; none if it is of no kind of theirs.
        public var kind: Fault.Target?
        public var method: String
        /// The path with its query.
        public var path: String
        /// The token used or handed out, by a name that gives nothing away: `demo#1` is the first of `demo`.
        public var token: String?
        public var requestBody: String
        /// The fault that struck it.
        public var fault: Fault.Action?
        /// Whether the call was carried out, even if its answer never left.
        public var applied: Bool
        /// The status that was sent; none if none was.
        public var status: Int?
        public var responseBody: String?
        /// The `ININ-Correlation-Id` of the answer.
        public var correlationId: String?
    }
}

/// The last so many calls.
struct Journal {
    /// Of a request longer than this, the journal keeps the beginning.
    static let bodyBytes = 64 * 1024

    struct Entry {
        let number: Int
        let time: String
        let call: Call
        let fault: Sandbox.Fault.Action?
        var token: String?
        var applied = false
        var answer: Answer?
    }

    private let capacity: Int
    private var ring: [Entry] = []
    /// How many calls there were since the start, kept or not.
    private(set) var count = 0

    init(capacity: Int) {
        self.capacity = max(1, capacity)
    }

    /// Appends a call that has no answer yet, and returns its number.
    mutating func append(_ call: Call, at time: String, fault: Sandbox.Fault.Action?) -> Int {
        var call = call.withoutSecrets
        if call.body.count > Self.bodyBytes {
            call.body = Data(call.body.prefix(Self.bodyBytes))
        }
        let entry = Entry(number: count + 1, time: time, call: call, fault: fault)
        if ring.count < capacity {
            ring.append(entry)
        } else {
            ring[count % capacity] = entry
        }
        count += 1
        return count
    }

    /// Changes the entry of that number, if it is still kept.
    mutating func update(_ number: Int, _ change: (inout Entry) -> Void) {
        let index = (number - 1) % capacity
        guard ring.indices.contains(index), ring[index].number == number else { return }
        change(&ring[index])
    }

    /// The kept calls whose path begins with `path`, oldest first; at most the `last` so many.
    func entries(path: String, last: Int) -> [Entry] {
        let oldest = ring.count < capacity ? 0 : count % capacity
        let kept = (ring[oldest...] + ring[..<oldest]).filter { $0.call.path.hasPrefix(path) }
        return Array(kept.suffix(last))
    }
}

extension Sandbox.JournalEntry {
    init(_ entry: Journal.Entry) {
        self.init(
            number: entry.number, time: entry.time, connection: entry.call.connection,
            kind: entry.call.kind, method: entry.call.method.rawValue, path: entry.call.target,
            token: entry.token, requestBody: String(decoding: entry.call.body, as: UTF8.self),
            fault: entry.fault, applied: entry.applied, status: entry.answer?.status.code,
            responseBody: entry.answer.map { String(decoding: $0.body, as: UTF8.self) },
            correlationId: entry.answer?.headers[.correlationID])
    }
}

extension Call {
    /// The same without what can be used again: the codes and secrets of a login.
    fileprivate var withoutSecrets: Call {
        guard path == "/oauth/token" else { return self }
        var call = self
        let text = String(decoding: body, as: UTF8.self)
            .replacing(/(code|code_verifier|client_secret|refresh_token)=[^&]*/) { "\($0.1)=…" }
        call.body = Data(text.utf8)
        return call
    }

    /// The same of the answer to it.
    func withoutSecrets(_ answer: Answer) -> Answer {
        guard path == "/oauth/token" else { return answer }
        var answer = answer
        let text = String(decoding: answer.body, as: UTF8.self)
            .replacing(/"access_token":"[^"]*"/) { _ in #""access_token":"…""# }
        answer.body = Data(text.utf8)
        return answer
    }
}
