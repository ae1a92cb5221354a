public import Outbox

extension DeskStore {
    /// Begins a file where room is no question.
    public func begin(
        _ name: String, contentType: String, size: Int, in thread: ThreadName, by agent: String
    ) async throws(StoreError) -> FileID {
        try await begin(
            name, contentType: contentType, size: size, in: thread, by: agent, room: .max)
    }
}
