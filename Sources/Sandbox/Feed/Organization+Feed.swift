import Foundation

/// What the notification service does.
extension Organization {
    /// Tells a change to whoever listens to the queue of the conversation, and to the one it has just left.
    func publish(_ record: ConversationRecord, leaving: Sandbox.Queue? = nil) {
        if let leaving, leaving != record.queue {
            publish(record, on: QueueTopic(queue: leaving.id))
        }
        if let queue = record.queue {
            publish(record, on: QueueTopic(queue: queue.id))
        }
    }

    /// Does what time alone brings about: ends, expiries, warnings and heartbeats.
    func tick() {
        endOverdue()
        let now = options.now()
        channels.expire(at: now)
        for index in channels.all.indices {
            guard let connection = channels[index].connection else { continue }
            if let warns = channels[index].warns, warns <= now {
                channels[index].warns = nil
                connection.send(
                    FeedFrame.told(
                        "The socket closes within a minute.", topic: "v2.system.socket_closing"))
            }
            if now.timeIntervalSince(channels[index].lastBeat) >= settings.heartbeatSeconds {
                channels[index].lastBeat = now
                connection.send(FeedFrame.told("WebSocket Heartbeat"))
            }
        }
        wake()
    }

    func openFeed(at address: ListenAddress) {
        feedOrigin = "ws://\(address)"
    }

    /// Makes a connection the one of that channel, in place of another; `false` if there is none.
    func attach(_ connection: FeedConnection, to id: String) -> Bool {
        defer { wake() }
        let now = options.now()
        channels.expire(at: now)
        guard let index = channels.index(id) else { return false }
        channels[index].connection?.end()
        channels[index].connection = connection
        channels[index].lastBeat = now
        channels[index].lastUsed = now
        connection.silence(feedFaults.silent)
        return true
    }

    func detach(_ connection: FeedConnection) {
        let place = channels.all.firstIndex { $0.connection === connection }
        guard let place else { return }
        channels[place].connection = nil
        wake()
    }

    /// Closes every connection of the feed without a word.
    func cutFeed() {
        for channel in channels.all {
            channel.connection?.cut()
        }
    }

    func change(_ faults: Sandbox.FeedFaults) {
        feedFaults = faults
        for channel in channels.all {
            channel.connection?.silence(faults.silent)
        }
    }

    private func publish(_ record: ConversationRecord, on topic: QueueTopic) {
        let listening = channels.all.filter { $0.topics.contains(topic) }
            .compactMap(\.connection)
        guard !listening.isEmpty else { return }
        guard feedFaults.drop == 0 else {
            feedFaults.drop -= 1
            return
        }
        let text = FeedFrame.event(record, on: topic)
        for connection in listening {
            connection.send(text)
        }
    }
}

extension Sandbox {
    /// What is wrong with the feed of notifications.
    public struct FeedFaults: Codable, Sendable, Equatable {
        /// Whether the sockets stand, but nothing comes on them: no event, no heartbeat, no answer.
        public var silent = false
        /// How many events are still to be lost, of those that someone listens to.
        public var drop = 0

        public init(silent: Bool = false, drop: Int = 0) {
            self.silent = silent
            self.drop = drop
        }
    }
}
