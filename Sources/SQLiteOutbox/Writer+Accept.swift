internal import Outbox

extension Writer {
    /// - Parameter payload: the submission's message, as it is stored.
    func accept(_ submission: Submission, payload: [UInt8]) throws -> Acceptance {
        if let repeated = try earlier(submission) { return repeated }
        let now = environment.now()
        let shop = try shop(submission.shop)
        let number = nextNumber(at: now)
        let thread = try thread(of: submission, shop: shop, at: now)
        try sql.insertMessage.run(
            number, thread, submission.message.direction.number,
            submission.key.map { _ in shop }, submission.key?.description,
            submission.key.map { _ in submission.digest })
        try sql.insertPayload.run(number, payload)
        if let route = submission.route {
            try append(number, to: thread, by: route, at: now)
        }
        return .accepted(MessageID(rawValue: number))
    }

    private func earlier(_ submission: Submission) throws -> Acceptance? {
        guard let key = submission.key, let shop = try existingShop(submission.shop) else {
            return nil
        }
        let found = try sql.findKey.first(shop, key.description) {
            (MessageID(rawValue: $0.integer(0)), $0.bytes(1), ThreadKey($0.text(2)))
        }
        guard let (message, digest, thread) = found else { return nil }
        guard digest == submission.digest else { throw StoreError.conflict(with: message) }
        return .duplicate(of: message, thread: thread)
    }

    private func thread(of submission: Submission, shop: Int64, at now: Timestamp) throws -> Int64 {
        let turn = Awaiting.after(submission.message.direction)?.rawValue
        let found = try sql.findThread.first(shop, submission.thread.description) {
            ($0.integer(0), Int($0.integer(1)))
        }
        guard let (thread, awaiting) = found else {
            let turn = turn ?? Awaiting.none.rawValue
            countThread(of: shop, to: turn)
            return try sql.insertThread.insert(
                shop, submission.thread.description, turn, now.milliseconds)
        }
        if let turn, turn != awaiting {
            countThread(of: shop, from: awaiting, to: turn)
            try sql.saveAwaiting.run(turn, now.milliseconds, thread)
        }
        return thread
    }

    private func append(
        _ number: Int64, to thread: Int64, by route: Route, at now: Timestamp
    ) throws {
        let routeID = try self.route(route)
        let due = clocks.due().milliseconds
        let found = try sql.findLane.first(thread, route.destination.description) {
            (id: $0.integer(0), isEmpty: $0.isNull(1), held: $0.integer(2) != 0)
        }
        let lane: Int64
        if let found {
            lane = found.id
            if found.isEmpty {
                try sql.saveLane.run(number, routeID, 0, found.held ? nil : due, lane)
            }
        } else {
            lane = try sql.insertLane.insert(
                thread, route.destination.description, number, routeID, due)
        }
        try sql.insertEntry.run(
            number, number, lane, routeID, number, due, clocks.reached(route).milliseconds)
        countEntry(of: routeID, to: .pending)
        try recordChange(
            of: EntryID(rawValue: number), to: .pending, at: now, reason: nil, actor: nil)
    }
}

extension Message.Direction {
    fileprivate var number: Int {
        switch self {
        case .customer: 0
        case .staff: 1
        case .system: 2
        }
    }
}
