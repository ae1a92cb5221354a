import ExactJSON
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore
import Outbox

/// A refusal, as RFC 9457 writes it: what is wrong, in words for the person who builds the client.
struct Problem: Error {
    static let mediaType = "application/problem+json"

    var status: HTTPResponse.Status
    /// Never what a customer wrote.
    var detail: String?
    /// The field or header to blame.
    var field: String?
    /// More members for a program to read.
    var members: [JSON.Member] = []
    var headers: HTTPFields = [:]

    init(_ status: HTTPResponse.Status, _ detail: String? = nil, field: String? = nil) {
        self.status = status
        self.detail = detail
        self.field = field
    }

    init(_ error: FieldError) {
        self.init(
            .unprocessableContent, error.field.isEmpty ? "the body \(error)" : error.description,
            field: error.field.isEmpty ? nil : error.field)
    }

    var json: JSON {
        var all: [JSON.Member] = [
            .init("type", "about:blank"), .init("title", .string(status.reasonPhrase)),
            .init("status", JSON(status.code)),
        ]
        if let detail { all.append(.init("detail", .string(detail))) }
        if let field { all.append(.init("field", .string(field))) }
        return .object(all + members)
    }

    var response: Response {
        var headers = headers
        headers[.contentType] = Self.mediaType
        return Response(status: status, headers: headers, body: ResponseBody(json))
    }
}

extension Problem {
    static func unauthorized(_ detail: String, field: String? = nil) -> Problem {
        var problem = Problem(.unauthorized, detail, field: field)
        problem.headers[.wwwAuthenticate] = "Bearer"
        return problem
    }

    /// - Parameter wait: rounded up to whole seconds.
    static func later(
        _ status: HTTPResponse.Status, _ detail: String, after wait: Duration
    ) -> Problem {
        var problem = Problem(status, detail)
        problem.headers[.retryAfter] = wait.retryAfter
        return problem
    }

    /// What a face answers where the store could not do it.
    init(_ error: StoreError) {
        switch error {
        case .notFound: self.init(.notFound, "there is no such entry")
        case .notAllowed(let reason), .noRoom(let reason): self.init(.conflict, reason)
        case .unavailable:
            self = .later(.serviceUnavailable, "the outbox cannot write now", after: .seconds(10))
        case .wroteAgain:
            self.init(.conflict, "the customer wrote again")
        case .conflict, .stale, .boundElsewhere: self.init(.conflict, "\(error)")
        }
    }
}

extension Duration {
    /// In whole seconds, rounded up, one at the least.
    var retryAfter: String { String(max(1, Int(seconds.rounded(.up)))) }
}

extension ResponseBody {
    init(_ json: JSON) {
        self.init(byteBuffer: ByteBuffer(bytes: json.bytes))
    }
}

extension Response {
    init(_ status: HTTPResponse.Status = .ok, _ json: JSON) {
        self.init(
            status: status, headers: [.contentType: "application/json"], body: ResponseBody(json))
    }
}
