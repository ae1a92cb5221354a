import Foundation
import Sandbox
import Testing

let demoQueue = "3f6a0c1e-0000-4000-8000-000000000001"
let demoFlow = "3f6a0c1e-0000-4000-8000-000000000002"
let createPath = "/api/v2/conversations/emails"

/// The text of one request.
func request(
    _ method: String, _ path: String, token: String? = nil, headers: [String: String] = [:],
    body: String? = nil
) -> String {
    var headers = headers
    headers["Host"] = headers["Host"] ?? "sandbox"
    headers["Authorization"] = headers["Authorization"] ?? token.map { "Bearer \($0)" }
    if let body {
        headers["Content-Length"] = String(body.utf8.count)
        headers["Content-Type"] = headers["Content-Type"] ?? "application/json"
    }
    let lines = headers.map { "\($0.key): \($0.value)\r\n" }.joined()
    return "\(method) \(path) HTTP/1.1\r\n\(lines)\r\n\(body ?? "")"
}

func createBody(_ change: (inout [String: Any]) -> Void = { _ in }) throws -> String {
    var body: [String: Any] = [
        "provider": "Test Shop", "direction": "INBOUND", "queueId": demoQueue,
        "fromName": "Jane Roe", "fromAddress": "jane@example.com",
        "toName": "Shop", "toAddress": "marker-1", "subject": "Where is my order?",
        "attributes": ["order.number": "1042"],
    ]
    change(&body)
    return String(
        decoding: try JSONSerialization.data(withJSONObject: body), as: UTF8.self)
}

extension Sandbox {
    func connect() throws -> RawConnection {
        try RawConnection(host: URL(string: origin)?.host() ?? "", port: port)
    }

    /// One request on a connection of its own.
    func call(
        _ method: String, _ path: String, token: String? = nil,
        headers: [String: String] = [:], body: String? = nil
    ) async throws -> ReceivedAnswer {
        let connection = try connect()
        connection.send(request(method, path, token: token, headers: headers, body: body))
        return try #require(await connection.readAnswer(toHead: method == "HEAD"))
    }

    func logIn(
        id: String = "demo", secret: String = "demo-secret",
        form: String = "grant_type=client_credentials"
    ) async throws -> ReceivedAnswer {
        let basic = Data("\(id):\(secret)".utf8).base64EncodedString()
        return try await call(
            "POST", "/oauth/token",
            headers: [
                "Authorization": "Basic \(basic)",
                "Content-Type": "application/x-www-form-urlencoded",
            ],
            body: form)
    }

    func token() async throws -> String {
        try #require(try await logIn().json["access_token"] as? String)
    }

    func create(token: String, body: String? = nil) async throws -> ReceivedAnswer {
        try await call("POST", createPath, token: token, body: body ?? createBody())
    }
}
