public import Outbox

extension SQLiteOutbox {
    /// Threads are chosen on a reading connection, and looked at once more where they are dropped.
    public func prune(
        before cutoff: Cutoff, at place: PruningPlace, limit: Int
    ) async throws(StoreError) -> PrunedPage {
        switch place {
        case .history(let sequence):
            return try await queue.write(quietly: true) {
                try $0.dropHistory(before: cutoff.history, after: sequence, limit: limit)
            }
        case .threads(let thread):
            let old = try await reader.oldThreads(
                before: cutoff.threads, after: thread, limit: limit)
            let end = old.count < limit ? PruningPlace.files : .threads(after: old[limit - 1].id)
            let done = old.filter(\.isDone).map(\.id)
            guard !done.isEmpty else { return PrunedPage(next: end) }
            return try await queue.write(quietly: true) {
                var page = try $0.drop(done, before: cutoff.threads, limit: limit)
                page.next = page.next ?? end
                return page
            }
        case .files:
            return try await queue.write(quietly: true) {
                try $0.dropUnusedFiles(before: cutoff.files, limit: limit)
            }
        case .space:
            let page = try await queue.write(quietly: true) { try $0.giveBack() }
            if page.next == nil, page.dropped.bytes > 0 { await queue.checkpoint() }
            return page
        }
    }
}
