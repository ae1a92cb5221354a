import Outbox

extension Books {
    /// What a verdict makes of an entry, but for its state.
    func apply(_ verdict: Verdict, to stored: inout StoredEntry) {
        stored.lookAt = verdict.lookAt
        switch verdict {
        case .delivered(let reference, let note, _):
            stored.entry.reference = reference
            stored.entry.reason = note
        case .retry(let due, let counts, let reason):
            stored.entry.reason = reason
            stored.entry.dueAt = due
            if counts || stored.entry.state == .inDoubt { hurry(&stored) }
        case .startOver(let reason):
            stored.entry.reason = reason
            stored.entry.dueAt = environment.now()
        case .resend(let reason):
            stored.entry.reason = reason
            stored.entry.dueAt = environment.now()
            stored.entry.isPossibleDuplicate = true
            hurry(&stored)
        case .inDoubt(let reason, _, _), .held(let reason), .dead(let reason):
            stored.entry.reason = reason
        }
    }

    private func hurry(_ stored: inout StoredEntry) {
        if stored.urgency == .new { stored.urgency = .retry }
    }

    func beginDoubt(of stored: inout StoredEntry) {
        stored.entry.doubts += 1
        stored.doubted = Fence(rawValue: lastChange + 1)
        stored.looks = 0
    }

    // MARK: Looks

    func looks(to destination: DestinationName, limit: Int) -> LookResult {
        let waiting = entries.values.filter { $0.route.destination == destination }
            .compactMap { stored in stored.lookAt.map { (at: $0, stored: stored) } }
            .sorted { ($0.at, $0.stored.entry.id) < ($1.at, $1.stored.entry.id) }
        let due = waiting.prefix(limit).filter { $0.at <= environment.now() }
        return LookResult(
            looks: due.map { look(for: $0.stored) },
            nextDue: waiting.dropFirst(due.count).first?.at)
    }

    private func look(for stored: StoredEntry) -> Look {
        Look(
            entry: stored.entry, route: stored.route, fence: stored.fence,
            since: stored.doubted ?? stored.fence,
            attemptedAt: stored.attempts.first?.startedAt ?? stored.entry.acceptedAt,
            number: stored.looks, age: age(of: stored), joining: joining(of: stored))
    }

    private func joining(of stored: StoredEntry) -> Look.Joining? {
        let last = stored.attempts.last
        guard let last, last.endedAt == nil || last.outcome == "unknown" else {
            return live(thread(of: stored)).map {
                Look.Joining(conversation: $0.observation.reference, last: nil)
            }
        }
        return stored.joins.map { Look.Joining(conversation: $0, last: stored.joinsLast) }
    }

    func companions(of stored: StoredEntry) -> [EntryID] {
        entries.values.filter {
            $0.entry.lane == stored.entry.lane && $0.entry.state.isOpen
                && $0.fence == stored.fence && $0.fence.rawValue > 0
                && $0.entry.id != stored.entry.id
        }.sorted { $0.position < $1.position }.map(\.entry.id)
    }

    mutating func settle(_ look: Look, _ verdict: Verdict) throws(StoreError) {
        guard var stored = entries[look.entry.id], stored.entry.state == look.entry.state,
            stored.fence == look.fence, stored.looks == look.number
        else { throw .stale }
        let before = stored.entry
        guard before.state == .inDoubt || verdict.state == .delivered else {
            throw .notAllowed("a delivered entry stays so, whatever a look shows")
        }
        let companions = companions(of: stored)
        apply(verdict, to: &stored)
        if case .inDoubt(_, _, counts: false) = verdict {} else { stored.looks += 1 }
        switch (before.state, verdict) {
        case (.inDoubt, .inDoubt):
            entries[before.id] = stored
        case (.delivered, .delivered(_, note: nil, _)):
            stored.entry.reason = before.reason
            entries[before.id] = stored
        default:
            move(stored, to: verdict.state)
        }
        if before.state == .delivered, stored.joins == nil,
            let reference = stored.entry.reference, reference != before.reference
        {
            begin(reference, of: thread(of: stored))
        }
        guard before.state == .inDoubt, verdict.state != .inDoubt else { return }
        for id in companions {
            guard var companion = entries[id], companion.entry.state == .inDoubt else { continue }
            apply(verdict, to: &companion)
            move(companion, to: verdict.state)
        }
    }

    func fences(of references: [String]) -> [String: ClosedRange<Fence>] {
        var found: [String: ClosedRange<Fence>] = [:]
        for reference in references {
            let fences = entries.values
                .filter { $0.entry.reference == reference && $0.joins == nil }
                .flatMap { $0.attempts.map(\.fence) }
            if let first = fences.min(), let last = fences.max() { found[reference] = first...last }
        }
        return found
    }

    // MARK: Sweeping

    mutating func sweep(except underWay: Set<Fence>, because reason: String) -> [EntryID] {
        let abandoned = entries.values.filter {
            $0.entry.state == .sending && !underWay.contains($0.fence)
        }.sorted { $0.entry.id < $1.entry.id }
        var doubted: [EntryID] = []
        for var stored in abandoned {
            guard stored.route.destination == .genesys else {
                // A callback may be sent once more.
                stored.entry.dueAt = environment.now()
                move(stored, to: .pending)
                continue
            }
            stored.entry.tries += 1
            stored.entry.reason = reason
            beginDoubt(of: &stored)
            move(stored, to: .inDoubt)
            doubted.append(stored.entry.id)
        }
        return doubted
    }

    // MARK: Calls

    mutating func count(_ call: CallKind) { callsThisMonth[call, default: 0] += 1 }

    var callsThisMonth: [CallKind: Int] {
        get { calls[month] ?? [:] }
        set { calls[month] = newValue }
    }

    private var month: String { String(environment.now().description.prefix(7)) }
}
