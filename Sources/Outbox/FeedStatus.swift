/// How well conversations are followed right now, for the person on call.
public struct FeedStatus: Sendable, Equatable {
    /// A queue of which Genesys tells nothing.
    public struct Rejection: Sendable, Equatable {
        public var queue: String
        /// Genesys' own words, where it gave any.
        public var reason: String?
        /// What the client's role lacks.
        public var missingPermissions: [String]

        public init(queue: String, reason: String?, missingPermissions: [String]) {
            self.queue = queue
            self.reason = reason
            self.missingPermissions = missingPermissions
        }
    }

    /// Since when Genesys tells of every change; `nil` while it does not.
    public var connectedSince: Timestamp?
    /// When anything was last heard of it; its heartbeat comes every 30 seconds.
    public var heardAt: Timestamp?
    /// Why it does not.
    public var trouble: String?
    /// How many queues it tells of.
    public var queues = 0
    public var rejections: [Rejection] = []
    /// When all live conversations were last compared with Genesys.
    public var reconciledAt: Timestamp?
    /// Why not all could be, the last time.
    public var reconcileTrouble: String?
    /// How many were live then.
    public var live = 0

    public init() {}
}
