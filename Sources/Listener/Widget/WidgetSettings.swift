public import Outbox

/// What the agents' tab is told of its surroundings.
public struct WidgetSettings: Sendable {
    /// How an agent gets to Genesys' login.
    public enum Login: String, Sendable, CaseIterable {
        /// In the tab itself, and by a window of its own where that fails.
        case auto
        case frame, popup
    }

    /// The origin that agents' browsers see, such as `https://bridge.example.com`.
    public var origin: String
    /// The origins whose pages may show the tab.
    public var ancestors: [String]
    public var login = Login.auto
    /// 32 bytes each; logins are sealed with the first and opened with any.
    public var sessionKeys: [[UInt8]]
    /// For how long an answer can be taken back.
    public var undo = Self.standardUndo
    /// Of a file that an agent sends, in bytes.
    public var maxFile = Self.standardMaxFile
    /// Media types that an agent may send.
    public var fileTypes = Self.standardFileTypes
    /// For how long a shop's link to a file is good.
    public var linkLifetime = Self.standardLinkLifetime
    public var shopNames: [ShopName: String]
    /// Where the routes lead to that lead to a queue.
    public var queues: [RouteName: String]

    public init(
        origin: String, ancestors: [String], sessionKeys: [[UInt8]],
        shopNames: [ShopName: String] = [:], queues: [RouteName: String] = [:]
    ) {
        self.origin = origin
        self.ancestors = ancestors
        self.sessionKeys = sessionKeys
        self.shopNames = shopNames
        self.queues = queues
    }

    /// Where Genesys' login leads back to.
    public var redirect: String { origin + "/widget/callback" }

    public static let standardUndo = Duration.seconds(5)
    public static let standardMaxFile = 10 << 20
    public static let standardLinkLifetime = Duration.seconds(7 * 86_400)
    public static let standardFileTypes = [
        "application/pdf", "image/gif", "image/jpeg", "image/png", "image/webp", "text/csv",
        "text/plain",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ]
}
