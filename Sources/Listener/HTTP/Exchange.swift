import HTTPTypes
import NIOHTTP1
import NIOHTTPTypesHTTP1

/// One request of a connection and its answer, from the request's head to the answer's end.
struct Exchange {
    /// HTTP/1.0 is answered in kind: without chunks, and the connection ends with it.
    let isHTTP10: Bool
    /// Whether the client wants no other request after this one.
    let isLast: Bool
    /// The client waits for our word before it sends the body.
    var awaitsContinue: Bool
    /// Of the body, as announced; `0` where it was not.
    let length: Int
    var hasWholeRequest = false
    var hasAnswer = false

    init(_ head: HTTPRequestHead, maxBody: Int) {
        isHTTP10 = (head.version.major, head.version.minor) < (1, 1)
        isLast = isHTTP10 || head.headers.has("close", in: "connection")
        length = head.headers.first(name: "content-length").flatMap { Int($0) } ?? 0
        awaitsContinue =
            !isHTTP10 && length <= maxBody && head.headers.has("100-continue", in: "expect")
    }
}

extension HTTPHeaders {
    fileprivate func has(_ token: String, in name: String) -> Bool {
        self[canonicalForm: name].contains { $0.lowercased() == token }
    }
}

extension HTTPRequest {
    /// The request as the application sees it: of an absolute target only the path, and `Connection: close`
    /// where it is the last.
    init(_ head: HTTPRequestHead, _ exchange: Exchange) throws {
        var fields = HTTPFields(head.headers, splitCookie: false)
        if exchange.isLast { fields[.connection] = "close" }
        if exchange.isHTTP10 { fields[.expect] = nil }
        self.init(
            method: try Method(head.method), scheme: "http",
            authority: head.headers.first(name: "host"), path: head.uri.originForm,
            headerFields: fields)
    }
}

extension String {
    fileprivate var originForm: String {
        guard !hasPrefix("/"), let colon = firstIndex(of: ":"), self[colon...].hasPrefix("://")
        else {
            return self
        }
        let rest = self[colon...].dropFirst(3)
        return rest.firstIndex(of: "/").map { String(rest[$0...]) } ?? "/"
    }
}
