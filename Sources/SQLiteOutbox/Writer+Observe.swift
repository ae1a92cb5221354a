internal import Outbox

extension Writer {
    /// - Returns: whether the conversation is one of ours.
    func observe(_ seen: Observation) throws -> Bool {
        let found = try threads.findConversation.first(
            seen.reference, read: StoredConversation.init)
        guard let stored = found else {
            strangers.add(seen)
            return false
        }
        let new = stored.observation.updated(by: seen)
        guard new != stored.observation else { return true }
        let now = environment.now()
        try tellingStatus(of: stored.thread, at: now) { thread in
            try save(new, as: stored, at: now)
            // Also where only now is told how it ended.
            if new.stage == .ended, new.hasEndedOtherwise(than: stored.observation) {
                try reconsider(thread.id, at: now)
            }
            for var event in new.events(after: stored.observation, at: now) {
                if event.name == .conversationEnded {
                    event.answered = try isAnswered(try self.thread(thread.id))
                }
                try tell(event, of: thread)
            }
        }
        return true
    }

    /// Notes that the conversation an entry was to join has ended, unless somebody has told of it meanwhile.
    /// - Returns: whether the next attempt goes another way than to that conversation.
    func endUnseen(_ stored: StoredEntry) throws -> Bool {
        guard let reference = stored.joins else { return false }
        _ = try observe(Observation(reference: reference, stage: .ended, end: .unknown))
        let live = try liveConversation(of: stored.thread)
        return live?.observation.reference != reference
    }

    private func save(_ new: Observation, as stored: StoredConversation, at now: Timestamp) throws {
        let since = new.stage == stored.observation.stage ? stored.since : now
        try threads.saveConversation.run(
            new.stage.rawValue, since.milliseconds, new.wasAccepted ? 1 : 0, new.queue?.id,
            new.queue?.name, new.agent?.id, new.agent?.name, new.end?.rawValue, new.wrapUp?.code,
            new.wrapUp?.name, new.wrapUp?.notes, stored.id)
    }
}

extension Observation {
    fileprivate func hasEndedOtherwise(than old: Observation) -> Bool {
        stage != old.stage || end != old.end || wasAccepted != old.wasAccepted
    }
}
