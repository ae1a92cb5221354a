internal import Outbox

extension Writer {
    /// - Parameter payload: the submission's message, as it is stored.
    func accept(_ submission: Submission, payload: [UInt8]) throws -> Acceptance {
        if let repeated = try earlier(
            submission.key, submission.digest, in: submission.shop)
        {
            return repeated
        }
        let now = environment.now()
        let shop = try shop(submission.shop)
        let number = nextNumber(at: now)
        let thread = try thread(of: submission, shop: shop, at: now)
        try insert(
            number, submission.message.direction, payload, in: thread,
            key: submission.key.map { (shop, $0, submission.digest) })
        if let route = submission.route {
            try append(number, in: thread, by: route, at: now)
        }
        return .accepted(MessageID(rawValue: number))
    }

    /// The message that came before under this key.
    /// - Throws: `conflict` if that was another one.
    func earlier(
        _ key: IdempotencyKey?, _ digest: [UInt8], in shop: ShopName
    ) throws -> Acceptance? {
        guard let key, let shop = try existingShop(shop) else { return nil }
        let found = try sql.findKey.first(shop, key.description) {
            (MessageID(rawValue: $0.integer(0)), $0.bytes(1), ThreadKey($0.text(2)))
        }
        guard let (message, known, thread) = found else { return nil }
        guard digest == known else { throw StoreError.conflict(with: message) }
        return .duplicate(of: message, thread: thread)
    }

    func insert(
        _ number: Int64, _ direction: Message.Direction, _ payload: [UInt8], in thread: Int64,
        key: (shop: Int64, key: IdempotencyKey, digest: [UInt8])?
    ) throws {
        try sql.insertMessage.run(
            number, thread, direction.number, key?.shop, key?.key.description, key?.digest)
        try sql.insertPayload.run(number, payload)
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
                shop, submission.thread.description, turn, now.milliseconds,
                submission.message.customer.key)
        }
        if let turn, turn != awaiting {
            try tellingStatus(of: thread, at: now) {
                try setAwaiting(Awaiting(rawValue: turn) ?? .none, of: $0, at: now)
            }
        }
        return thread
    }

    /// Writes an entry at the end of its lane, to be claimed at once where it is not held.
    /// - Parameters:
    ///   - number: the entry's.
    ///   - subject: the message or event it delivers, where that bears another number.
    ///   - hold: for how long it is not due.
    func append(
        _ number: Int64, of subject: Int64? = nil, _ kind: LaneKind = .message, in thread: Int64,
        by route: Route, at now: Timestamp, hold: Duration = .zero
    ) throws {
        let routeID = try self.route(route)
        let due = (clocks.due() + hold).milliseconds
        let found = try sql.findLane.first(thread, route.destination.description, kind.rawValue) {
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
                thread, route.destination.description, kind.rawValue, number, routeID, due)
        }
        try sql.insertEntry.run(
            number, subject ?? number, lane, routeID, number, due,
            clocks.reached(route).milliseconds)
        countEntry(of: routeID, to: route.destination, .pending)
        try recordChange(
            of: EntryID(rawValue: number), to: .pending, at: now, reason: nil, actor: nil)
    }
}

extension Message.Direction {
    init(number: Int64) {
        self = Self.allCases.first { $0.number == Int(number) } ?? .system
    }

    var number: Int {
        switch self {
        case .customer: 0
        case .staff: 1
        case .system: 2
        case .note: 3
        }
    }
}
