import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1

/// A request on its way to whoever answers it.
struct Call: Sendable {
    private(set) var request: Request
    let target: Target
    /// What stood in the path where the pattern has a name in braces.
    let parameters: [String]
    let logger: Logger

    /// Collects the body.
    /// - Throws: `Problem` 413 as soon as it grows beyond `limit`, 400 if it does not arrive whole.
    func body(upTo limit: Int) async throws(Problem) -> ByteBuffer {
        var whole = ByteBuffer()
        do {
            for try await part in request.body {
                guard whole.readableBytes + part.readableBytes <= limit else {
                    throw Problem.tooLarge(limit)
                }
                if whole.readableBytes == 0 {
                    whole = part
                } else {
                    whole.writeImmutableBuffer(part)
                }
            }
        } catch let problem as Problem {
            throw problem
        } catch {
            throw Problem(.badRequest, "the body did not arrive whole")
        }
        return whole
    }

    /// Has the body here, for whoever asks for it later.
    /// - Throws: as `body(upTo:)`.
    mutating func collectBody(upTo limit: Int) async throws(Problem) {
        request.body = RequestBody(buffer: try await body(upTo: limit))
    }
}

/// Who answers which method on which path, with a plain refusal for everything else.
struct Routes: HTTPResponder {
    typealias Context = Connection
    typealias Answer = @Sendable (Call) async throws(Problem) -> Response

    /// What Hummingbird hands over beside the request.
    struct Connection: InitializableFromSource {
        let logger: Logger

        init(source: ApplicationRequestContextSource) {
            logger = source.logger
        }
    }

    fileprivate struct Path {
        /// Names in braces stand for any text.
        let pattern: [String]
        var answers: [(method: HTTPRequest.Method, maxBody: Int, answer: Answer)]
    }

    private let maxBody: Int
    private var paths: [Path] = []
    private var areas: [(path: [String], fields: HTTPFields)] = []

    init(maxBody: Int) {
        self.maxBody = maxBody
    }

    /// The patterns of earlier calls come first.
    /// - Parameter maxBody: in bytes; as all others where it is not said.
    mutating func on(
        _ method: HTTPRequest.Method, _ pattern: String, maxBody: Int? = nil,
        _ answer: @escaping Answer
    ) {
        let pattern = pattern.split(separator: "/").map(String.init)
        let answers = [(method, maxBody ?? self.maxBody, answer)]
        if let index = paths.firstIndex(where: { $0.pattern == pattern }) {
            paths[index].answers += answers
        } else {
            paths.append(Path(pattern: pattern, answers: answers))
        }
    }

    /// What every answer has whose path begins so, refusals too, unless it says otherwise itself.
    mutating func set(_ fields: HTTPFields, beneath path: String) {
        areas.append((path.split(separator: "/").map(String.init), fields))
    }

    func respond(to request: Request, context: Connection) async throws -> Response {
        let target = Target(request.head.path ?? "/")
        var response: Response
        do throws(Problem) {
            response = try await answer(request, at: target, context)
        } catch {
            context.logger.log(
                level: error.status.kind == .serverError ? .warning : .debug, "request refused",
                metadata: [
                    "method": "\(request.method)", "status": "\(error.status.code)",
                    "detail": "\(error.detail ?? "-")",
                ])
            response = error.response
        }
        // Of a path that cannot be read nobody knows where it was to lead.
        for area in areas where target.map({ $0.path.starts(with: area.path) }) ?? true {
            for field in area.fields where !response.headers.contains(field.name) {
                response.headers.append(field)
            }
        }
        return request.method == .head ? response.createHeadResponse() : response
    }

    private func answer(
        _ request: Request, at target: Target?, _ context: Connection
    ) async throws(Problem) -> Response {
        if let expectation = request.headers.value(.expect),
            expectation.lowercased() != "100-continue"
        {
            throw Problem(
                .expectationFailed, "only 100-continue can be expected", field: "expect")
        }
        guard let target else {
            throw Problem(.badRequest, "the path or query is not percent-encoded UTF-8")
        }
        for path in paths {
            guard let parameters = path.match(target.path) else { continue }
            let method = request.method == .head ? .get : request.method
            guard let found = path.answers.first(where: { $0.method == method }) else {
                throw .wrongMethod(allowed: path.answers.map(\.method))
            }
            try request.headers.checkLength(found.maxBody)
            return try await found.answer(
                Call(
                    request: request, target: target, parameters: parameters,
                    logger: context.logger))
        }
        try request.headers.checkLength(maxBody)
        throw Problem(.notFound, "nothing is served at this path")
    }
}

extension HTTPFields {
    fileprivate func checkLength(_ limit: Int) throws(Problem) {
        if let length = value(.contentLength).flatMap({ Int($0) }), length > limit {
            throw .tooLarge(limit)
        }
    }
}

extension Routes.Path {
    fileprivate func match(_ path: [String]) -> [String]? {
        guard path.count == pattern.count else { return nil }
        var parameters: [String] = []
        for (part, sample) in zip(path, pattern) {
            if sample.hasPrefix("{") {
                parameters.append(part)
            } else if part != sample {
                return nil
            }
        }
        return parameters
    }
}

extension Problem {
    fileprivate static func tooLarge(_ limit: Int) -> Problem {
        var problem = Problem(.contentTooLarge, "the body is larger than \(limit) bytes")
        problem.headers[.connection] = "close"
        return problem
    }

    fileprivate static func wrongMethod(allowed: [HTTPRequest.Method]) -> Problem {
        var names = allowed.map(\.rawValue)
        if names.contains("GET") { names.append("HEAD") }
        let list = names.sorted().joined(separator: ", ")
        var problem = Problem(.methodNotAllowed, "only \(list) can be asked for here")
        problem.headers[.allow] = list
        return problem
    }
}
