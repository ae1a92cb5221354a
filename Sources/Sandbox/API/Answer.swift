import Foundation
import HTTPTypes

/// What a call is answered with.
struct Answer: Sendable {
    var status: HTTPResponse.Status
    var headers: HTTPFields
    var body: Data

    init(status: HTTPResponse.Status = .ok, type: String, body: Data) {
        self.status = status
        self.headers = [.contentType: type, .contentLength: String(body.count)]
        self.body = body
    }

    static func json(_ value: some Encodable, status: HTTPResponse.Status = .ok) -> Answer {
        do {
            return Answer(
                status: status, type: "application/json", body: try encoder.encode(value))
        } catch {
            preconditionFailure("\(type(of: value)) has no JSON: \(error)")
        }
    }

    /// Done, and nothing to say: a 202 that has no body although its type is JSON.
    static let accepted = Answer(status: .accepted, type: "application/json", body: Data())

    /// Done, with a 200 that has no body.
    static let done = Answer(type: "application/json", body: Data())

    /// Done, with a 204.
    static let noContent: Answer = {
        var answer = Answer(status: .noContent, type: "application/json", body: Data())
        answer.headers[.contentLength] = nil
        return answer
    }()

    static func html(_ page: String, status: HTTPResponse.Status = .ok) -> Answer {
        Answer(status: status, type: "text/html; charset=utf-8", body: Data(page.utf8))
    }

    /// The bytes of the answer as HTTP/1.1 sends them.
    var bytes: Data {
        var head = "HTTP/1.1 \(status.code) \(status.reasonPhrase)\r\n"
        for field in headers {
            head += "\(field.name.rawName): \(field.value)\r\n"
        }
        return Data("\(head)\r\n".utf8) + body
    }

    private static let encoder: JSONEncoder = {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes]
        return encoder
    }()
}

extension HTTPField.Name {
    static let correlationID = required("ININ-Correlation-Id")
    static let rateCount = required("inin-ratelimit-count")
    static let rateAllowed = required("inin-ratelimit-allowed")
    static let rateReset = required("inin-ratelimit-reset")

    static func required(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else {
            preconditionFailure("\(name) is no header name")
        }
        return name
    }
}

extension UUID {
    /// Lower case, as the platform writes its ids.
    var text: String {
        uuidString.lowercased()
    }
}
