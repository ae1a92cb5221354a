/// One connection to a notification channel.
struct FeedConnection: Sendable {
    enum Frame: Sendable, Equatable {
        case text([UInt8])
        /// What a ping is answered with.
        case pong
    }

    /// Ends when the connection does; to be read by one.
    let frames: AsyncStream<Frame>
    let ping: @Sendable () -> Void
    let close: @Sendable () -> Void
}

/// Connects to the URI of a channel.
typealias FeedConnector = @Sendable (_ uri: String) async throws(FeedError) -> FeedConnection

/// Why there is no channel, or no connection to it.
struct FeedError: Error, Sendable, Equatable {
    var reason: String
    /// Whether only a person can change that.
    var isRefusal: Bool

    init(_ reason: String, isRefusal: Bool = false) {
        self.reason = reason
        self.isRefusal = isRefusal
    }
}
