import Foundation
import HTTPTypes

/// A refusal in the API's shape, an `ErrorBody` with a documented code.
struct APIError: Error {
    let status: Int
    let code: String
    let message: String
    /// The members of the request that are at fault.
    var fields: [String] = []
    /// Seconds after which to come again.
    var retryAfter: Int?
    /// The limit that was reached.
    var limit: Int?
    /// The methods that the path has.
    var allow: String?

    func answer(correlation: String) -> Answer {
        let body = Body(
            message: message, code: code, status: status, contextId: correlation,
            details: fields.map { Body.Detail(errorCode: code, fieldName: $0) }, errors: [],
            limit: limit.map {
                Body.Limit(
                    key: "client.credentials.token.rate.per.minute", namespace: "platform.api",
                    value: $0)
            })
        var answer = Answer.json(body, status: .init(code: status))
        answer.headers[.retryAfter] = retryAfter.map(String.init)
        answer.headers[.allow] = allow
        return answer
    }

    private struct Body: Encodable {
        struct Detail: Encodable {
            let errorCode: String
            let fieldName: String
        }

        struct Limit: Encodable {
            let key: String
            let namespace: String
            let value: Int
        }

        let message: String
        let code: String
        let status: Int
        let contextId: String
        let details: [Detail]
        let errors: [String]
        let limit: Limit?
    }
}

extension APIError {
    static let authenticationRequired = APIError(
        status: 401, code: "authentication.required",
        message: "No authentication bearer token specified in authorization header.")
    static let badCredentials = APIError(
        status: 401, code: "bad.credentials", message: "Invalid login credentials.")
    static let notFound = APIError(
        status: 404, code: "not.found", message: "The requested resource was not found.")
    static let unsupportedMediaType = APIError(
        status: 415, code: "unsupported.media.type",
        message: """
            Unsupported Media Type - Unsupported or incorrect media type, such as an incorrect \
            Content-Type value in the header.
            """)

    /// No code is documented for a wrong method.
    static func methodNotAllowed(allow: String) -> APIError {
        APIError(
            status: 405, code: "method.not.allowed",
            message: "The method is not allowed for the requested resource.", allow: allow)
    }

    static func missingPermissions(_ permissions: [String]) -> APIError {
        APIError(
            status: 403, code: "missing.permissions",
            message: """
                Unable to perform the requested action. You are missing the following \
                permission(s): \(permissions.joined(separator: ", "))
                """)
    }

    static func missingAnyPermissions(_ permissions: [String]) -> APIError {
        APIError(
            status: 403, code: "missing.any.permissions",
            message: """
                Unable to perform the requested action. You must have at least one of the \
                following permissions assigned: \(permissions.joined(separator: ", "))
                """)
    }

    static func tooLarge(maximum: Int) -> APIError {
        APIError(
            status: 413, code: "request.entity.too.large",
            message: "The request is over the size limit. Maximum bytes: \(maximum)")
    }

    static func tooManyRequests(retryAfter: Int, limit: Int? = nil) -> APIError {
        APIError(
            status: 429, code: "too.many.requests.retry.after",
            message: """
                Rate limit exceeded the maximum. Retry the request in [\(retryAfter)] seconds
                """,
            retryAfter: retryAfter, limit: limit)
    }

    static func badRequest(
        _ message: String = """
        The request could not be understood by the server due to malformed syntax.
        """,
        code: String = "bad.request", field: String? = nil
    ) -> APIError {
        APIError(status: 400, code: code, message: message, fields: field.map { [$0] } ?? [])
    }

    /// The documented error of a status, for the faults that ask for one.
    static func documented(status: Int, code: String?, retryAfter: Int?) -> APIError {
        if status == 429 { return .tooManyRequests(retryAfter: retryAfter ?? 1) }
        let known = texts[status] ?? (code: "error", message: "Planned fault.")
        return APIError(
            status: status, code: code ?? known.code, message: known.message,
            retryAfter: retryAfter)
    }

    private static let texts: [Int: (code: String, message: String)] = [
        400: (badRequest().code, badRequest().message),
        401: (badCredentials.code, badCredentials.message),
        403: (notAuthorized.code, notAuthorized.message),
        404: (notFound.code, notFound.message),
        408: (
            "client.timeout",
            "The client did not produce a request within the server timeout limit."
        ),
        409: (
            "general.conflict",
            "The request conflicts with the current state of the target resource."
        ),
        413: (tooLarge(maximum: 512_000).code, tooLarge(maximum: 512_000).message),
        415: (unsupportedMediaType.code, unsupportedMediaType.message),
        500: (
            "internal.server.error",
            """
            The server encountered an unexpected condition which prevented it from fulfilling the \
            request.
            """
        ),
        503: (
            "service.unavailable",
            """
            Service Unavailable - The server is currently unavailable (because it is overloaded or \
            down for maintenance).
            """
        ),
        504: ("request.timeout", "The request timed out."),
    ]
}
