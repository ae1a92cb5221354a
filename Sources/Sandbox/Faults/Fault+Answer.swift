import HTTPTypes

extension Sandbox.Fault {
    /// Whether it strikes below HTTP, or between the call and its answer.
    var isOfTheSocket: Bool {
        action != .status && action != .expireToken
    }

    /// For how long, where that was said.
    var time: Duration? {
        seconds.map { .seconds($0) }
    }

    /// What a gateway in front answers in place of the API, if it is to.
    var page: Answer? {
        guard action == .status, let page = body ?? (status == 502 ? Self.badGateway : nil) else {
            return nil
        }
        return .html(page, status: .init(code: status))
    }

    var error: APIError {
        .documented(status: status, code: code, retryAfter: retryAfter)
    }

    /// The login host has a shape of its own for what the client did wrong.
    func loginAnswer(correlation: String) -> Answer {
        guard status < 500, status != 429 else { return error.answer(correlation: correlation) }
        return LoginError.answer(status, code ?? "invalid_client", "planned fault")
    }

    private static let badGateway = """
        <html><head><title>502 Bad Gateway</title></head>\
        <body><h1>502 Bad Gateway</h1></body></html>

        """
}
