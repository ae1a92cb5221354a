import Outbox

extension Books {
    mutating func prune(before cutoff: Cutoff, at place: PruningPlace, limit: Int) -> PrunedPage {
        switch place {
        case .history(let sequence):
            dropHistory(before: cutoff.history, after: sequence, limit: limit)
        case .threads(let id): dropThreads(before: cutoff.threads, after: id, limit: limit)
        case .files: dropUnusedFiles(before: cutoff.files, limit: limit)
        case .space: PrunedPage(next: nil)
        }
    }

    private mutating func dropHistory(
        before cutoff: Timestamp, after sequence: Int64, limit: Int
    ) -> PrunedPage {
        let old = changes.filter { $0.sequence > sequence }.dropLast().prefix(limit)
            .prefix { $0.at < cutoff }
        let dropped = old.filter { entries[$0.entry].map(isDone) ?? true }
        let numbers = Set(dropped.map(\.sequence))
        changes.removeAll { numbers.contains($0.sequence) }
        for change in dropped where [.delivered, .discarded].contains(change.state) {
            entries[change.entry]?.attempts = []
        }
        let last = old.count < limit ? nil : old.last?.sequence
        return PrunedPage(
            dropped: Pruned(changes: dropped.count),
            next: last.map { .history(after: $0) } ?? .threads(after: 0))
    }

    private func isDone(_ stored: StoredEntry) -> Bool {
        [.delivered, .discarded].contains(stored.entry.state) && stored.lookAt == nil
    }

    private mutating func dropThreads(
        before cutoff: Timestamp, after id: Int64, limit: Int
    ) -> PrunedPage {
        let old = threads.filter { $0.value.id > id }.sorted { $0.value.id < $1.value.id }
            .prefix(limit).prefix { began($0.key) < cutoff }
        var dropped = Pruned()
        for (thread, stored) in old where isDone(thread, before: cutoff) {
            let told = events.filter { $0.value.thread == thread }.keys.sorted()
            for id in told.prefix(max(0, limit - dropped.rows)) {
                entries[id] = nil
                events[id] = nil
                dropped.events += 1
            }
            let messages = messages(of: thread)
            var isLeft = events.contains { $0.value.thread == thread }
            while !isLeft, let file = files(of: thread).first {
                guard dropped.rows < limit else {
                    isLeft = true
                    break
                }
                dropped.parts += drop(file)
            }
            for message in messages.prefix(isLeft ? 0 : max(0, limit - dropped.rows)) {
                drop(message.id)
                dropped.messages += 1
            }
            guard !isLeft, self.messages(of: thread).isEmpty else {
                return PrunedPage(dropped: dropped, next: .threads(after: stored.id - 1))
            }
            for name in laneIDs.keys where name.thread == thread {
                if let lane = laneIDs.removeValue(forKey: name) { lanes[lane] = nil }
            }
            conversations = conversations.filter { $0.value.thread != thread }
            audits.removeAll { $0.thread == thread }
            let gone = name(thread)
            drafts.removeAll { $0.thread == gone }
            linked.removeAll { $0.thread == thread }
            threads[thread] = nil
            dropped.threads += 1
        }
        let last = old.count < limit ? nil : old.last?.value.id
        return PrunedPage(dropped: dropped, next: last.map { .threads(after: $0) } ?? .files)
    }

    private mutating func dropUnusedFiles(before cutoff: Timestamp, limit: Int) -> PrunedPage {
        let named = Set(drafts.flatMap(\.files))
        let unused = files.values.map(\.file).filter {
            $0.message == nil && !named.contains($0.id)
                && $0.id.rawValue < cutoff.milliseconds << 20
        }.map(\.id).sorted().prefix(limit)
        var dropped = Pruned()
        for file in unused {
            guard dropped.parts < limit else { return PrunedPage(dropped: dropped, next: .files) }
            dropped.parts += drop(file)
        }
        return PrunedPage(dropped: dropped, next: unused.count < limit ? .space : .files)
    }

    private func files(of thread: Thread) -> [FileID] {
        files.values.filter { $0.file.thread == name(thread) }.map(\.file.id).sorted()
    }

    func messages(of thread: Thread) -> [StoredMessage] {
        messages.values.filter { $0.thread == thread }.sorted { $0.id < $1.id }
    }

    private func began(_ thread: Thread) -> Timestamp {
        messages(of: thread).map { EntryID(firstOf: $0.id).drawnAt }.min()
            ?? Timestamp(milliseconds: 0)
    }

    private func isDone(_ thread: Thread, before cutoff: Timestamp) -> Bool {
        let own = laneIDs.filter { $0.key.thread == thread }.compactMap { lanes[$0.value] }
        let open = entries.values.filter { $0.entry.state.isOpen }
        return !own.contains { lane in
            lane.isHeld || open.contains { $0.entry.lane == lane.id }
        }
            && !concerns.contains { $0.thread == name(thread) }
            && messages(of: thread).allSatisfy { message in
                EntryID(firstOf: message.id).drawnAt < cutoff
                    && entries.values.filter { $0.entry.message == message.id }
                        .allSatisfy { isDone($0) && $0.attempts.isEmpty }
            }
    }

    private mutating func drop(_ message: MessageID) {
        messages[message] = nil
        withdrawn.remove(message)
        for id in entries.filter({ $0.value.entry.message == message }).keys {
            entries[id] = nil
        }
        keys = keys.filter { $0.value.message != message }
    }
}
