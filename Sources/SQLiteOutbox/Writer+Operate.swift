internal import Outbox

extension Writer {
    func perform(_ action: OperatorAction, on id: EntryID, by actor: String) throws -> Entry {
        guard let stored = try find(id) else { throw StoreError.notFound }
        let next = try action.state(after: stored.entry.state)
        var together = [stored]
        // What went in one call is there, or is not there, together.
        if stored.entry.state.isOpen, action != .discard {
            together += try companions(of: stored).compactMap { try find($0) }
                .filter { $0.entry.state == stored.entry.state }
        }
        for other in together.dropFirst() { _ = try perform(action, on: other, next, by: actor) }
        return try perform(action, on: stored, next, by: actor)
    }

    private func perform(
        _ action: OperatorAction, on stored: StoredEntry, _ next: EntryState, by actor: String
    ) throws -> Entry {
        var stored = stored
        switch action {
        case .retry:
            if stored.entry.state != .dead { stored.entry.isPossibleDuplicate = true }
            renew(&stored, urgency: .retry)
        case .discard: break
        case .delivered(let reference):
            stored.entry.reference = reference
            stored.entry.reason = nil
        }
        return try move(stored, to: next, at: environment.now(), by: actor)
    }

    func retryDead(limit: Int, by actor: String) throws -> Int {
        let dead = try sql.findDead.all(limit) { EntryID(rawValue: $0.integer(0)) }
        for id in dead {
            guard var stored = try find(id) else { throw inconsistent("entry \(id) is gone") }
            renew(&stored, urgency: .bulk)
            try move(stored, to: .pending, at: environment.now(), by: actor)
        }
        return dead.count
    }

    /// Lets an entry begin anew, as old as one that was just accepted; a dead one has lost its place.
    private func renew(_ stored: inout StoredEntry, urgency: Urgency) {
        if !stored.entry.state.isOpen { stored.position = nextNumber(at: environment.now()) }
        stored.urgency = urgency.rawValue
        stored.due = clocks.due().milliseconds
        let route = Route(stored.entry.route, to: stored.entry.destination)
        stored.reachBase = clocks.reached(route).milliseconds
        stored.entry.tries = 0
        stored.entry.reason = nil
    }

    func setHold(_ held: Bool, on lane: LaneID, by actor: String) throws {
        guard let found = try findLane(lane) else { throw StoreError.notFound }
        guard found.held != held else { return }
        try sql.holdLane.run(held ? 1 : 0, lane.rawValue)
        try advance(lane, held)
        guard let head = found.head, let stored = try find(EntryID(rawValue: head)) else { return }
        try recordChange(
            of: stored.entry.id, to: stored.entry.state, at: environment.now(),
            reason: held ? "lane held" : "lane released", actor: actor)
    }

    func bind(to binding: Binding) throws {
        let organization = try sql.findMeta.first(Meta.organization) { $0.text(0) }
        let provider = try sql.findMeta.first(Meta.provider) { $0.text(0) }
        if let organization, let provider {
            let bound = Binding(organization: organization, provider: provider)
            guard bound == binding else { throw StoreError.boundElsewhere(bound) }
            return
        }
        try sql.saveMeta.run(Meta.organization, binding.organization)
        try sql.saveMeta.run(Meta.provider, binding.provider)
    }
}
