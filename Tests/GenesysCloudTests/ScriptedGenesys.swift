import CurlTransport
import ExactJSON
import LoopbackServer
import Outbox
import Synchronization
import TestSupport

@testable import GenesysCloud

/// A login host and an API that answer what a test says, and remember what they were asked.
struct ScriptedGenesys {
    let desk: AgentDesk
    let clock: ManualClock
    private let server: LoopbackServer
    private let script: Script

    final class Script: Sendable {
        let replies = Mutex<[String: [Reply]]>([:])
    }

    enum Reply: Sendable {
        case json(Int, JSON)
        /// The connection ends with a RST, once the request has been read.
        case lost
    }

    static let agent = AgentAccess(
        agent: Agent(id: "5a6b0c1e-0000-4000-8000-000000000001", name: "Sam"), token: "agent-token")
    static let widget = "0a0a0a0a-0000-4000-8000-000000000001"
    static let organization = "0b0b0b0b-0000-4000-8000-000000000001"

    /// - Parameter api: where the API is instead, if a test has one of its own.
    static func with(
        secret: String? = "widget-secret", api: String? = nil,
        _ body: (ScriptedGenesys) async throws -> Void
    ) async throws {
        let script = Script()
        let server = try LoopbackServer { connection in
            while let request = try connection.readRequest() {
                switch script.reply(to: request) {
                case .lost: return connection.reset()
                case .json(let status, let json):
                    try connection.respond("\(status) Scripted", body: json.bytes)
                }
            }
        }
        let clock = ManualClock()
        let origin = "http://127.0.0.1:\(server.port)"
        let transport = CurlTransport(userAgent: "test")
        let client = GenesysClient(
            endpoints: Endpoints(login: origin, api: api ?? origin), clientID: "bridge",
            clientSecret: "bridge-secret", transport: transport,
            pacer: Pacer(perMinute: nil, environment: clock.environment),
            environment: clock.environment, logger: .silent)
        let desk = AgentDesk(
            client: client, widget: WidgetClient(id: widget, secret: secret),
            environment: clock.environment, logger: .silent)
        let genesys = ScriptedGenesys(desk: desk, clock: clock, server: server, script: script)
        genesys.answer(
            "POST /oauth/token client_credentials",
            ["access_token": "bridge-token", "expires_in": 86_400])
        do {
            try await body(genesys)
        } catch {
            await transport.shutdown()
            throw error
        }
        await transport.shutdown()
    }

    /// - Parameter call: a method and a target, with or without its query, and of one token or grant alone if
    ///   that follows; all others are answered 404.
    func answer(_ call: String, _ replies: Reply...) {
        script.replies.withLock { $0[call] = replies }
    }

    func answer(_ call: String, _ json: JSON) { answer(call, .json(200, json)) }

    /// Where the agent's roles hold from now on.
    func grant(_ permission: String, in divisions: [String], isEverywhere: Bool = false) {
        answer(
            Self.divisions(of: permission),
            [
                "entities": .array(divisions.map { ["id": .string($0)] }),
                "allDivsPermitted": .bool(isEverywhere),
            ])
    }

    static func divisions(of permission: String) -> String {
        "GET /api/v2/authorization/divisionspermitted/paged/me?pageSize=100&permission=\(permission)"
    }

    /// In order, each with the token it bore.
    var calls: [String] {
        server.requests.map { "\($0.method) \($0.target) \($0.bearer ?? "-")" }
    }

    func form(of target: String) -> String? {
        server.requests.last { $0.target == target }.map {
            String(decoding: $0.body, as: UTF8.self)
        }
    }

    func header(_ name: String, of target: String) -> String? {
        server.requests.last { $0.target == target }?.header(name)
    }
}

extension ScriptedGenesys.Script {
    /// The last of several goes on for ever.
    fileprivate func reply(to request: LoopbackRequest) -> ScriptedGenesys.Reply {
        let form = String(decoding: request.body, as: UTF8.self)
        let grant = form.split(separator: "&").first { $0.hasPrefix("grant_type=") }
        let who = request.bearer ?? grant.map { String($0.dropFirst("grant_type=".count)) } ?? ""
        let path = request.target.prefix { $0 != "?" }
        return replies.withLock { replies in
            for target in [request.target[...], path] {
                for key in ["\(request.method) \(target) \(who)", "\(request.method) \(target)"] {
                    guard let first = replies[key]?.first else { continue }
                    if replies[key]?.count ?? 0 > 1 { replies[key]?.removeFirst() }
                    return first
                }
            }
            return .json(404, ["code": "not.found", "message": "There is no such thing."])
        }
    }
}

extension LoopbackRequest {
    fileprivate var bearer: String? {
        header("Authorization").flatMap {
            $0.hasPrefix("Bearer ") ? String($0.dropFirst("Bearer ".count)) : nil
        }
    }
}

extension ScriptedGenesys.Reply {
    static let forbidden = Self.json(
        403, ["code": "missing.permissions", "message": "You are missing: some:thing:view"])
}

/// Why a call was not made, or nobody knows; `nil` if it was.
func failure(_ call: () async throws -> Void) async -> ParticipationError? {
    do {
        try await call()
        return nil
    } catch {
        return error as? ParticipationError
    }
}
