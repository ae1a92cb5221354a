import Outbox
import Synchronization

/// One connected channel, from its connection to its end.
final class FeedSession: Sendable {
    enum End: Sendable, Equatable {
        /// Genesys has announced it; until then the channel goes on.
        case announced
        case lost(String)
    }

    let channel: NotificationChannel
    /// In the order in which they come: the announcement, if there is one, then the end itself.
    let ends: AsyncStream<End>
    private let ending: AsyncStream<End>.Continuation
    private let connection: FeedConnection
    private let environment: Environment
    private let liveness: Mutex<Liveness>

    init(_ channel: NotificationChannel, _ connection: FeedConnection, _ environment: Environment) {
        self.channel = channel
        self.connection = connection
        self.environment = environment
        liveness = Mutex(Liveness(at: environment.uptime()))
        (ends, ending) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(8))
    }

    /// The uptime at which anything was heard last.
    var heardAt: Duration { liveness.withLock { $0.heardAt } }

    /// Hears what the channel tells until it ends, or the task is cancelled; to be run once.
    ///
    /// - Parameters:
    ///   - renew: makes the channel live anew; called in the middle of its life, time and again.
    ///   - hear: told of every change of a conversation, in the order in which they come.
    /// - Returns: why it has ended.
    func run(
        renew: @escaping @Sendable () async throws(FeedError) -> Void,
        hear: @escaping @Sendable (ConversationSnapshot) async -> Void
    ) async -> String {
        let end = await withTaskGroup(of: String.self) { group in
            group.addTask { await self.read(hear) }
            group.addTask { await self.watch() }
            group.addTask { await self.renew(by: renew) }
            let first = await group.next() ?? ""
            group.cancelAll()
            return first
        }
        connection.close()
        ending.yield(.lost(end))
        ending.finish()
        return end
    }

    private func read(_ hear: @Sendable (ConversationSnapshot) async -> Void) async -> String {
        for await frame in connection.frames {
            liveness.withLock { $0.hear(at: environment.uptime()) }
            guard case .text(let text) = frame else { continue }
            switch FeedMessage(text) {
            case .conversation(let snapshot): await hear(snapshot)
            case .closing: ending.yield(.announced)
            case .other: break
            }
        }
        return "the connection has ended"
    }

    private func watch() async -> String {
        while !Task.isCancelled {
            let step = liveness.withLock { $0.step(at: environment.uptime()) }
            switch step {
            case .wait(let end): try? await environment.sleep(until: end)
            case .ping: connection.ping()
            case .dead: return "nothing was heard on it, nor an answer to a ping"
            }
        }
        return ""
    }

    private func renew(by renew: @Sendable () async throws(FeedError) -> Void) async -> String {
        var due = environment.uptime() + channel.lifetime / 2
        while true {
            do {
                try await environment.sleep(until: due)
            } catch {
                return ""
            }
            do throws(FeedError) {
                try await renew()
                due += channel.lifetime / 2
            } catch {
                // There is as long again to try; if all fails, its end is announced.
                due = environment.uptime() + channel.lifetime / 20
            }
        }
    }
}
