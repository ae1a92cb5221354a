import Outbox
import Synchronization

/// Which logins have read which threads, so that the audit has each reading once and not each refresh.
final class AccessRecord: Sendable {
    private static let most = 50_000

    private struct Reading: Hashable {
        let session: [UInt8]
        let thread: ThreadName
    }

    private let known = Mutex<Set<Reading>>([])

    /// Does what is to be done at the first reading; where it fails, the next one is the first.
    func note<Failure: Error>(
        _ thread: ThreadName, by session: Session, _ record: () async throws(Failure) -> Void
    ) async throws(Failure) {
        let reading = Reading(session: session.key, thread: thread)
        let isNew = known.withLock { known in
            // Rather recorded twice than not at all.
            if known.count >= Self.most { known = [] }
            return known.insert(reading).inserted
        }
        guard isNew else { return }
        do throws(Failure) {
            try await record()
        } catch {
            known.withLock { _ = $0.remove(reading) }
            throw error
        }
    }
}
