extension Observation {
    /// What is known of a conversation once this has been seen of it: what it does not show stays, and an ended
    /// conversation stays ended.
    public func updated(by seen: Observation) -> Observation {
        var new = seen
        if stage == .ended {
            new.stage = .ended
            // How it ended may become known later.
            new.end = end == .unknown ? seen.end ?? end : end
        }
        new.wasAccepted = wasAccepted || seen.wasAccepted || seen.stage.hasAgent
        // For whom it only rang does not have it.
        let holder = seen.stage.hasAgent || seen.stage == .ended ? seen.agent : nil
        new.agent =
            holder.map { agent in
                Agent(
                    id: agent.id,
                    name: agent.name ?? (agent.id == self.agent?.id ? self.agent?.name : nil))
            } ?? agent
        new.queue =
            seen.queue.map { queue in
                Queue(
                    id: queue.id,
                    name: queue.name ?? (queue.id == self.queue?.id ? self.queue?.name : nil))
            } ?? queue
        new.wrapUp = seen.wrapUp ?? wrapUp
        if new.stage == .ended { new.end = new.end ?? .unknown }
        return new
    }

    /// What has happened between two observations, in order.
    public func events(after old: Observation, at now: Timestamp) -> [Event] {
        var names: [EventName] = []
        let hasMoved = queue?.id != old.queue?.id && old.queue != nil
        let hasChangedHands = stage.hasAgent && old.stage.hasAgent && agent?.id != old.agent?.id
        let wasGivenBack = old.stage.hasAgent && stage.isLive && !stage.hasAgent
        if stage.isLive, hasMoved || hasChangedHands || wasGivenBack {
            names.append(.conversationTransferred)
        }
        let isTaken = stage.hasAgent || stage == .ended && wasAccepted && !old.wasAccepted
        if isTaken, !old.stage.hasAgent || hasChangedHands { names.append(.conversationAccepted) }
        if stage == .ended {
            if old.stage.isLive {
                names.append(.conversationEnded)
            } else if end != old.end || wrapUp != old.wrapUp {
                names.append(.conversationUpdated)
            }
        } else if wrapUp != old.wrapUp {
            names.append(.conversationUpdated)
        }
        return names.map { name in
            Event(
                name, at: now, conversation: reference, agent: agent, queue: queue, end: end,
                wrapUp: wrapUp)
        }
    }
}
