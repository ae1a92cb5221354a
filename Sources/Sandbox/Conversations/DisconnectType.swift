extension Sandbox {
    /// Why a participant's side of a conversation ended, in the words of the API.
    public enum DisconnectType: String, Codable, Sendable, CaseIterable {
        /// The participant has left.
        case client
        case endpoint
        case error
        case inactivity
        case other
        /// Another participant's leaving has ended it.
        case peer
        case sessionExpired = "session.expired"
        case spam
        case system
        case transfer
        /// An agent has declined it, or has let it ring.
        case transferNoAnswer = "transfer.noanswer"

        /// The same in the words of the analytics.
        var analyticsName: String {
            switch self {
            case .sessionExpired: "sessionExpired"
            case .transferNoAnswer: "noAnswerTransfer"
            default: rawValue
            }
        }
    }
}
