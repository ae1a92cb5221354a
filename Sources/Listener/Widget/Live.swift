import ExactJSON
import HTTPTypes
import HummingbirdCore
import NIOCore
import Outbox
import ServiceLifecycle

/// One agent's view of a thread as it changes: events in the format of HTML's server-sent events.
struct Live: Sendable {
    /// How long it is silent at most; as often it is asked whether the agent may still see the thread.
    static let heartbeat = Duration.seconds(15)

    let visit: ThreadVisit
    let presence: Presence
    let environment: Environment
    let mark: @Sendable (ThreadVisit) async throws -> String
    /// Has Genesys asked again once the page asks, since something has changed.
    let forget: @Sendable () async -> Void
    /// What the agent is to the thread by now.
    /// - Throws: `Problem` where they may not see it any more, or nobody knows.
    let check: @Sendable () async throws(Problem) -> ThreadVisit

    private struct State {
        var visit: ThreadVisit
        var mark: String?
        var colleagues: [Presence.Colleague]?
        var checkedAt: Duration
    }

    var response: Response {
        let body = ResponseBody { writer in
            try await visit.call.request.body.consumeWithCancellationOnInboundClose { _ in
                try await follow(&writer)
            }
            try await writer.finish(nil)
        }
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/event-stream", .cacheControl: "no-store",
                // nginx would gather the events otherwise.
                .accelBuffering: "no",
            ], body: body)
    }

    /// Ends when the agent may not see the thread any more, or the service is told to stop.
    private func follow(_ writer: inout any ResponseBodyWriter) async throws {
        let (wakes, wake) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let alarm = environment.alarm { wake.yield() }
        let seat = await presence.enter(
            visit.thread,
            Presence.Sitting(
                agent: visit.agent, session: visit.session.key,
                wake: { wake.yield() }, end: { wake.finish() }))
        do {
            try await withGracefulShutdownHandler {
                var state = State(visit: visit, checkedAt: environment.uptime())
                for await _ in wakes {
                    guard let next = try await round(&state, &writer) else { return }
                    alarm.set(next)
                }
            } onGracefulShutdown: {
                wake.finish()
            }
        } catch {
            alarm.set(nil)
            await presence.leave(seat)
            throw error
        }
        alarm.set(nil)
        await presence.leave(seat)
    }

    /// Writes what is new.
    /// - Returns: the uptime of the next round, if nothing happens before; `nil` at the end.
    private func round(
        _ state: inout State, _ writer: inout any ResponseBodyWriter
    ) async throws -> Duration? {
        let now = environment.uptime()
        var text = ""
        if now >= state.checkedAt + Self.heartbeat {
            do throws(Problem) {
                state.visit = try await check()
            } catch {
                if let end = end(error) { try await writer.write(ByteBuffer(string: end)) }
                return nil
            }
            state.checkedAt = now
            text += ": still here\n\n"
        }
        let mark = try await mark(state.visit)
        if mark != state.mark {
            if state.mark != nil { await forget() }
            state.mark = mark
            text += event("changed", ["mark": .string(mark)])
        }
        let (colleagues, until) =
            state.visit.share.horizon == nil && state.visit.share.hidden.isEmpty
            ? await presence.colleagues(of: visit.agent, in: visit.thread) : ([], nil)
        if colleagues != state.colleagues {
            state.colleagues = colleagues
            text += event("present", ["agents": .array(colleagues.map(\.json))])
        }
        if !text.isEmpty { try await writer.write(ByteBuffer(string: text)) }
        let next = state.checkedAt + Self.heartbeat
        return min(next, until ?? next)
    }

    /// Nothing where nobody knows: then the page asks again by itself.
    private func end(_ problem: Problem) -> String? {
        switch problem.status {
        case .unauthorized: event("end", ["code": "signed_out"])
        case .notFound: event("end", ["code": "not_found"])
        default: nil
        }
    }

    private func event(_ name: String, _ data: JSON) -> String {
        "event: \(name)\ndata: \(String(decoding: data.bytes, as: UTF8.self))\n\n"
    }
}

extension Presence.Colleague {
    fileprivate var json: JSON {
        [
            "id": .string(agent.id), "name": JSON(agent.name), "writing": .bool(isWriting),
        ]
    }
}

extension HTTPField.Name {
    fileprivate static let accelBuffering = known("x-accel-buffering")
}

extension Conversations {
    @Sendable func follow(_ visit: ThreadVisit) async throws -> Response {
        Live(
            visit: visit, presence: presence, environment: environment,
            mark: { try await mark($0) },
            forget: { await access.forget(visit.session, visit.subject) },
            check: { () async throws(Problem) in
                try await sessions.answering(visit.call) { session in
                    try await self.visit(visit.call, by: visit.way, session)
                }
            }
        ).response
    }
}
