import Foundation

/// Every conversation, in the order of creation.
struct ConversationBook {
    private(set) var all: [ConversationRecord] = []
    private var indices: [UUID: Int] = [:]

    mutating func append(_ record: ConversationRecord) {
        indices[record.id] = all.count
        all.append(record)
    }

    subscript(_ id: String) -> ConversationRecord? {
        index(id).map { all[$0] }
    }

    /// Changes one, unless the change throws; `nil` if there is none of that id.
    mutating func update<Failure: Error>(
        _ id: String, _ change: (inout ConversationRecord) throws(Failure) -> Void
    ) throws(Failure) -> ConversationRecord? {
        guard let index = index(id) else { return nil }
        var changed = all[index]
        try change(&changed)
        all[index] = changed
        return changed
    }

    /// The place of the oldest that was created at that time or later, or of the one still to come.
    ///
    /// Searches from the newest back: what is asked for is mostly young.
    func firstIndex(since time: Date) -> Int {
        let before = all.indices.last { all[$0].created < time }
        return before.map { $0 + 1 } ?? 0
    }

    /// The places of those that were created in the window.
    func range(in window: ClosedRange<Date>) -> Range<Int> {
        let start = firstIndex(since: window.lowerBound)
        let end = all[start...].firstIndex { $0.created > window.upperBound } ?? all.count
        return start..<end
    }

    func index(_ id: String) -> Int? {
        UUID(uuidString: id).flatMap { indices[$0] }
    }
}
