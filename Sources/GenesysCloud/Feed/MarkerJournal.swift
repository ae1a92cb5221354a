import Outbox
import Synchronization

/// Which conversations were seen in the feed for which entries, as far as it remembers.
///
/// It proves what it has seen and nothing else: the feed may have been cut, and the oldest is forgotten.
public final class MarkerJournal: Sendable {
    fileprivate struct Pages {
        var traces: [EntryID: [Trace]] = [:]
        /// In the order in which they came.
        var markers: [EntryID] = []
        var oldest = 0
    }

    private let pages = Mutex(Pages())
    private let capacity: Int

    /// - Parameter capacity: entries that are remembered; 10,000 are some minutes of the largest shops.
    public init(capacity: Int = 10_000) {
        self.capacity = capacity
    }

    func note(_ snapshot: ConversationSnapshot, marker: EntryID, provider: String) {
        let created = snapshot.customers(of: provider).compactMap(\.startedAt).min()
        let trace = Trace(id: snapshot.id, createdAt: created.map { "\($0)" } ?? "")
        pages.withLock { pages in
            guard let known = pages.traces[marker] else {
                return pages.add(trace, marker, capacity)
            }
            guard !known.contains(where: { $0.id == trace.id }) else { return }
            pages.traces[marker] = (known + [trace]).sorted()
        }
    }

    /// The oldest first; empty if none was seen, which proves nothing.
    func traces(of marker: EntryID) -> [Trace] {
        pages.withLock { $0.traces[marker] ?? [] }
    }
}

extension MarkerJournal.Pages {
    fileprivate mutating func add(_ trace: Trace, _ marker: EntryID, _ capacity: Int) {
        traces[marker] = [trace]
        guard markers.count == capacity else { return markers.append(marker) }
        traces[markers[oldest]] = nil
        markers[oldest] = marker
        oldest = (oldest + 1) % capacity
    }
}
