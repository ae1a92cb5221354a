/// How full the outbox is, as far as that decides whether it takes more.
public struct OutboxLoad: Sendable, Equatable {
    /// Entries that wait to be sent.
    public var pending: Int
    /// Bytes that are free where the store is; `nil` where that is not known.
    public var freeBytes: Int?

    public init(pending: Int, freeBytes: Int?) {
        self.pending = pending
        self.freeBytes = freeBytes
    }
}
