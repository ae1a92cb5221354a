import Foundation

/// The notification channels that there are, the oldest first.
struct ChannelBook {
    /// Channels of one owner; one more drops one of them.
    static let maximumPerOwner = 20

    private(set) var all: [NotificationChannel] = []

    func index(_ id: String) -> Int? {
        all.firstIndex { $0.id == id }
    }

    subscript(index: Int) -> NotificationChannel {
        get { all[index] }
        set { all[index] = newValue }
    }

    /// Adds one, and drops the owner's longest unused if it is one too many: first those nobody is on.
    mutating func append(_ channel: NotificationChannel) {
        let owned = all.filter { $0.owner == channel.owner }
        if owned.count >= Self.maximumPerOwner {
            let idle = owned.filter { $0.connection == nil }
            let oldest = (idle.isEmpty ? owned : idle).min { $0.lastUsed < $1.lastUsed }
            oldest?.connection?.end()
            all.removeAll { $0.id == oldest?.id }
        }
        all.append(channel)
    }

    /// Drops those whose time is up, and closes their connections.
    mutating func expire(at now: Date) {
        guard all.contains(where: { $0.expires <= now }) else { return }
        for channel in all where channel.expires <= now {
            channel.connection?.end()
        }
        all.removeAll { $0.expires <= now }
    }
}
