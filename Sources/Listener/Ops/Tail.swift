import ExactJSON
import HTTPTypes
import HummingbirdCore
import NIOCore
import Outbox
import ServiceLifecycle

/// Every change of the outbox as it happens, without a gap or a repeat: it reads the store's own record.
struct Tail: Sendable {
    /// How long it is silent at most: shorter than what a proxy or we ourselves take for dead.
    static let heartbeat = Duration.seconds(15)
    private static let page = 200

    let store: any OutboxStore
    let environment: Environment

    private enum Format {
        case events
        case lines

        func write(_ change: Change, to bytes: inout [UInt8]) {
            if self == .events {
                bytes += "id: \(change.sequence)\nevent: change\ndata: ".utf8
            }
            change.json.write(to: &bytes)
            bytes += (self == .events ? "\n\n" : "\n").utf8
        }

        /// What a reader passes over.
        var heartbeat: String { self == .events ? ": still here\n\n" : "\n" }

        var mediaType: String { self == .events ? "text/event-stream" : "application/x-ndjson" }
    }

    /// Begins behind `Last-Event-ID` or `?after=`, else with what comes from now on.
    func answer(_ call: Call) async throws(Problem) -> Response {
        let format = call.target["format"] == "ndjson" ? Format.lines : .events
        let start: Int64
        if let text = call.request.headers[.lastEventID] ?? call.target["after"] {
            guard let number = Int64(text), number >= 0 else {
                throw Problem(
                    .badRequest, "the number of a change is expected to go on after", field: "after"
                )
            }
            start = number
        } else {
            do {
                start = try await store.summary().lastChange
            } catch {
                throw Problem(error)
            }
        }
        return Response(
            status: .ok,
            headers: [.contentType: format.mediaType, .cacheControl: "no-store"],
            body: ResponseBody { writer in
                try await follow(after: start, format, &writer)
                try await writer.finish(nil)
            })
    }

    /// Ends when the service is told to stop.
    private func follow(
        after start: Int64, _ format: Format, _ writer: inout any ResponseBodyWriter
    ) async throws {
        let (wakes, wake) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let alarm = environment.alarm { wake.yield() }
        let listening = Task {
            for await _ in store.ticks() { wake.yield() }
            wake.finish()
        }
        defer {
            listening.cancel()
            alarm.set(nil)
        }
        try await withGracefulShutdownHandler {
            var last = start
            var silentSince = environment.uptime()
            for await _ in wakes {
                if try await write(&last, format, &writer) {
                    silentSince = environment.uptime()
                } else if environment.uptime() >= silentSince + Self.heartbeat {
                    try await writer.write(ByteBuffer(string: format.heartbeat))
                    silentSince = environment.uptime()
                }
                alarm.set(silentSince + Self.heartbeat)
            }
        } onGracefulShutdown: {
            wake.finish()
        }
    }

    /// Writes all that is new, and says whether anything was.
    private func write(
        _ last: inout Int64, _ format: Format, _ writer: inout any ResponseBodyWriter
    ) async throws -> Bool {
        let start = last
        while true {
            let changes = try await store.changes(after: last, limit: Self.page)
            var bytes: [UInt8] = []
            for change in changes { format.write(change, to: &bytes) }
            if !bytes.isEmpty { try await writer.write(ByteBuffer(bytes: bytes)) }
            last = changes.last?.sequence ?? last
            if changes.count < Self.page { return last > start }
        }
    }
}
