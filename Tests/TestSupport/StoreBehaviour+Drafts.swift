import Outbox
import Testing

extension StoreBehaviour {
    private static let sam = Agent(id: "a1", name: "Sam")
    private static let zoe = Agent(id: "a2", name: "Zoe")

    static let withdrawals = [
        StoreBehaviour("an answer that is held goes once its time has come", aftercare: .told) {
            bench in
            _ = try await bench.post(in: .delivered)
            _ = try await bench.events()
            let id = try await bench.send("Soon.", hold: .seconds(5))
            let end = bench.clock.now + .seconds(5)
            #expect(try await bench.line(id).withdrawableUntil == end)
            let early = try await bench.store.claim(from: [.callback], limit: 9)
            #expect(early.claims.isEmpty)
            #expect(early.nextDue == end)
            bench.clock.advance(by: .seconds(5))
            let claim = try await bench.claimOne(from: [.callback])
            #expect(claim.deliveries.map(\.entry.id) == [EntryID(firstOf: id)])
            #expect(try await bench.line(id).withdrawableUntil == nil)
        },
        StoreBehaviour("what follows an answer that is held waits for it", aftercare: .told) {
            bench in
            _ = try await bench.post(in: .delivered)
            _ = try await bench.events()
            let first = try await bench.send("Soon.", hold: .seconds(5))
            let second = try await bench.send("Now.")
            #expect(try await bench.claim(from: [.callback]).isEmpty)
            _ = try await bench.store.withdraw(first, in: .standard, by: "a1")
            let claim = try await bench.claimOne(from: [.callback])
            #expect(claim.deliveries.map(\.entry.id) == [EntryID(firstOf: second)])
        },
        StoreBehaviour("an answer taken back is a draft again and goes nowhere", aftercare: .told) {
            bench in
            _ = try await bench.post(in: .delivered)
            _ = try await bench.events()
            let id = try await bench.send("Soon.", hold: .seconds(5))
            let draft = try await bench.store.withdraw(id, in: .standard, by: "a1")
            #expect(draft == .of(sam, "Soon.", at: bench.clock.now))
            #expect(try await bench.drafts() == [draft])
            bench.clock.advance(by: .seconds(9))
            #expect(try await bench.events().isEmpty)
            let line = try await bench.line(id)
            #expect(line.isWithdrawn)
            #expect(line.state == .discarded)
            #expect(line.withdrawableUntil == nil)
            let change = try await bench.store.changes(after: 0, limit: 99).last
            #expect(change?.entry == EntryID(firstOf: id))
            #expect(change?.state == .discarded)
            #expect(change?.actor == "a1")
            let audit = try await bench.store.audits(of: .standard).last
            #expect(audit?.action == .withdrawn)
            #expect(audit?.message == id)
            #expect(try await bench.transcript().summary.awaiting == .agent)
        },
        StoreBehaviour("words taken back stand before those begun since", aftercare: .told) {
            bench in
            _ = try await bench.post(in: .delivered)
            let first = try await bench.upload("first.pdf")
            let id = try await bench.send("One.", hold: .seconds(5), files: [first])
            let second = try await bench.upload("second.pdf")
            try await bench.store.keep(.of(sam, "Two.", files: [second], at: bench.clock.now))
            let draft = try await bench.store.withdraw(id, in: .standard, by: "a1")
            #expect(draft.body == "One.\n\nTwo.")
            #expect(draft.files == [first, second])
            #expect(try await bench.drafts() == [draft])
            // Both can be sent now.
            let again = try await bench.send(draft.body, files: draft.files)
            #expect(
                try await bench.line(again).message?.attachments.map(\.name)
                    == ["first.pdf", "second.pdf"])
        },
        StoreBehaviour("nothing is taken back into a draft without room for it", aftercare: .told) {
            bench in
            _ = try await bench.post(in: .delivered)
            let half = String(repeating: "ü", count: AgentMessage.maxBody / 2)
            let id = try await bench.send(half, hold: .seconds(5))
            let full = Draft.of(sam, half, at: bench.clock.now)
            try await bench.store.keep(full)
            let refusal = try await refusal {
                _ = try await bench.store.withdraw(id, in: .standard, by: "a1")
            }
            guard case .noRoom = refusal else { throw Unexpected(description: "\(refusal)") }
            #expect(try await bench.drafts() == [full])
            #expect(try await bench.line(id).isWithdrawn == false)
            // The line between them counts as well.
            try await bench.store.keep(.of(sam, String(half.dropLast(2)), at: bench.clock.now))
            let both = try await bench.store.withdraw(id, in: .standard, by: "a1")
            #expect(both.body.unicodeScalars.count == AgentMessage.maxBody)
        },
        StoreBehaviour("what is on its way is not taken back, nor another's", aftercare: .told) {
            bench in
            let question = try await bench.post(in: .delivered)
            _ = try await bench.events()
            let id = try await bench.send("Soon.")
            for (message, agent) in [
                (id, "a2"), (MessageID(rawValue: 1), "a1"),
                (MessageID(rawValue: question.rawValue), "a1"),
            ] {
                await #expect(throws: StoreError.notFound) {
                    try await bench.store.withdraw(message, in: .standard, by: agent)
                }
            }
            let claim = try await bench.claimOne(from: [.callback])
            func refused() async throws {
                let refusal = try await refusal {
                    _ = try await bench.store.withdraw(id, in: .standard, by: "a1")
                }
                guard case .notAllowed = refusal else {
                    throw Unexpected(description: "\(refusal)")
                }
            }
            try await refused()
            // It may be there already.
            try await bench.retry(claim, after: .seconds(5))
            try await refused()
            #expect(try await bench.line(id).withdrawableUntil == nil)
            #expect(try await bench.drafts().isEmpty)
        },
        StoreBehaviour("an answer that a shop reads for itself is there at once") { bench in
            _ = try await bench.post(in: .delivered)
            let id = try await bench.send("Soon.", hold: .seconds(5))
            #expect(try await bench.line(id).withdrawableUntil == nil)
            #expect(try await bench.transcript().summary.status == .answered)
            let refusal = try await refusal {
                _ = try await bench.store.withdraw(id, in: .standard, by: "a1")
            }
            #expect(refusal != .notFound)
        },
        StoreBehaviour(
            "a customer whose only answer is taken back is somebody's again", aftercare: .told
        ) { bench in
            _ = try await bench.post(in: .delivered)
            let id = try await bench.send("Soon.", hold: .seconds(5))
            try await bench.store.observe(.ended(by: .agent, agent: sam))
            #expect(try await bench.concerns().isEmpty)
            _ = try await bench.store.withdraw(id, in: .standard, by: "a1")
            #expect(try await bench.concernOne().kind == .unanswered)
            #expect(try await bench.store.census(after: .start, limit: 9).forgotten.isEmpty)
        },
        StoreBehaviour("a concern that an answer had ended is there again", aftercare: .told) {
            bench in
            _ = try await bench.post(in: .delivered)
            try await bench.store.observe(.ended(by: .system))
            let before = try await bench.concernOne()
            #expect(before.kind == .again)
            let id = try await bench.send("Soon.", hold: .seconds(5))
            #expect(try await bench.concerns().isEmpty)
            _ = try await bench.store.withdraw(id, in: .standard, by: "a1")
            #expect(try await bench.concernOne() == before)
        },
        StoreBehaviour("a closed thread stays closed whatever is taken back", aftercare: .told) {
            bench in
            _ = try await bench.post(in: .delivered)
            let id = try await bench.send("Soon.", hold: .seconds(5))
            try await bench.store.dismiss(.standard, because: "spam", seen: nil, by: "a1")
            _ = try await bench.store.withdraw(id, in: .standard, by: "a1")
            #expect(try await bench.concerns().isEmpty)
            #expect(try await bench.transcript().summary.status == .closed)
        },
    ]

    static let drafts = [
        StoreBehaviour("an agent has one draft of a kind in a conversation") { bench in
            try await bench.post()
            var draft = Draft.of(sam, "One.", at: bench.clock.now)
            try await bench.store.keep(draft)
            draft.body = "Two."
            draft.at = bench.clock.now + .seconds(1)
            try await bench.store.keep(draft)
            var note = draft
            note.kind = .note
            try await bench.store.keep(note)
            var elsewhere = draft
            elsewhere.conversation = "another"
            elsewhere.at = bench.clock.now + .seconds(2)
            try await bench.store.keep(elsewhere)
            #expect(try await bench.drafts() == [elsewhere, draft, note])
            draft.body = ""
            try await bench.store.keep(draft)
            #expect(try await bench.drafts() == [elsewhere, note])
            try await bench.store.drop(note)
            try await bench.store.drop(note)
            #expect(try await bench.drafts() == [elsewhere])
        },
        StoreBehaviour("there is no draft where there is no thread") { bench in
            let draft = Draft.of(sam, "One.", at: bench.clock.now)
            await #expect(throws: StoreError.notFound) { try await bench.store.keep(draft) }
            await #expect(throws: StoreError.notFound) { _ = try await bench.drafts() }
            await #expect(throws: StoreError.notFound) {
                _ = try await bench.store.hand(draft, to: zoe, in: "another")
            }
            try await bench.store.drop(draft)
        },
        StoreBehaviour("what is written is no draft any more", aftercare: .told) { bench in
            _ = try await bench.post(in: .delivered)
            let answer = Draft.of(sam, "One.", at: bench.clock.now)
            var note = answer
            note.kind = .note
            let other = Draft.of(zoe, "Three.", at: bench.clock.now)
            for draft in [answer, note, other] { try await bench.store.keep(draft) }
            _ = try await bench.write(.answer, "One.", key: "k")
            #expect(try await bench.drafts() == [note, other])
            // A repeat of it is not what was begun since.
            try await bench.store.keep(answer)
            _ = try await bench.write(.answer, "One.", key: "k")
            #expect(try await bench.drafts() == [answer, note, other])
            _ = try await bench.write(.note, "Two.")
            #expect(try await bench.drafts() == [answer, other])
        },
        StoreBehaviour("a draft becomes a colleague's with its files", aftercare: .told) { bench in
            _ = try await bench.post(in: .delivered)
            let file = try await bench.upload("label.pdf")
            let begun = Draft.of(sam, "One.", files: [file], at: bench.clock.now)
            try await bench.store.keep(begun)
            bench.clock.advance(by: .seconds(60))
            let own = try await bench.store.hand(begun, to: zoe, in: "second")
            var expected = begun
            expected.agent = zoe
            expected.conversation = "second"
            #expect(own == expected)
            #expect(try await bench.drafts() == [own])
            #expect(try await bench.store.file(file).agent == "a2")
            await #expect(throws: StoreError.notFound) {
                _ = try await bench.store.hand(begun, to: zoe, in: "second")
            }
            await #expect(throws: StoreError.self) {
                try await bench.send("One.", files: [file])
            }
        },
        StoreBehaviour("a colleague's draft comes behind one's own", aftercare: .told) { bench in
            _ = try await bench.post(in: .delivered)
            let first = try await bench.upload("first.pdf", by: "a2")
            let own = Draft.of(zoe, "Mine.", files: [first], at: bench.clock.now)
            let second = try await bench.upload("second.pdf")
            bench.clock.advance(by: .seconds(1))
            let left = Draft.of(sam, "Theirs.", files: [second], at: bench.clock.now)
            for draft in [own, left] { try await bench.store.keep(draft) }
            let taken = try await bench.store.hand(left, to: zoe, in: "conversation")
            #expect(
                taken
                    == .of(zoe, "Mine.\n\nTheirs.", files: [first, second], at: bench.clock.now))
            #expect(try await bench.drafts() == [taken])
            // Both files can be sent now.
            let sent = try await bench.send(taken.body, files: taken.files, by: "a2")
            #expect(
                try await bench.line(sent).message?.attachments.map(\.name)
                    == ["first.pdf", "second.pdf"])
        },
        StoreBehaviour("words come behind files without an empty line before them") { bench in
            try await bench.post()
            let file = try await bench.upload("first.pdf", by: "a2")
            let left = Draft.of(sam, "Theirs.", at: bench.clock.now)
            for draft in [.of(zoe, "", files: [file], at: bench.clock.now), left] {
                try await bench.store.keep(draft)
            }
            let taken = try await bench.store.hand(left, to: zoe, in: "conversation")
            #expect(taken.body == "Theirs." && taken.files == [file])
        },
        StoreBehaviour("nothing is taken behind a draft that has no room for it") { bench in
            try await bench.post()
            let half = String(repeating: "ü", count: AgentMessage.maxBody / 2)
            let file = try await bench.upload("label.pdf")
            let left = Draft.of(sam, half, files: [file], at: bench.clock.now)
            let own = Draft.of(zoe, half, at: bench.clock.now + .seconds(1))
            for draft in [left, own] { try await bench.store.keep(draft) }
            let refusal = try await refusal {
                _ = try await bench.store.hand(left, to: zoe, in: "conversation")
            }
            guard case .noRoom = refusal else { throw Unexpected(description: "\(refusal)") }
            #expect(try await bench.drafts() == [own, left])
            #expect(try await bench.store.file(file).agent == "a1")
        },
        StoreBehaviour("one's own draft stays as it is where it is taken over") { bench in
            try await bench.post()
            let file = try await bench.upload("label.pdf")
            let own = Draft.of(sam, "Mine.", files: [file], at: bench.clock.now)
            try await bench.store.keep(own)
            #expect(try await bench.store.hand(own, to: sam, in: "conversation") == own)
            #expect(try await bench.drafts() == [own])
        },
    ]
}

extension Draft {
    /// Of an answer, in the conversation that `Workbench.post(in: .delivered)` makes.
    static func of(
        _ agent: Agent, _ body: String, files: [FileID] = [], at now: Timestamp
    ) -> Draft {
        Draft(
            thread: .standard, conversation: "conversation", agent: agent, kind: .answer,
            body: body, files: files, at: now)
    }
}

/// What a call throws.
func refusal(_ call: () async throws -> Void) async throws -> StoreError {
    do {
        try await call()
    } catch let error as StoreError {
        return error
    }
    throw Unexpected(description: "nothing was refused")
}

extension Workbench {
    func drafts() async throws(StoreError) -> [Draft] { try await store.drafts(in: .standard) }

    func line(_ id: MessageID) async throws -> Transcript.Line {
        guard let line = try await transcript().messages.first(where: { $0.id == id }) else {
            throw Unexpected(description: "there is no message \(id)")
        }
        return line
    }

    /// Writes an answer.
    @discardableResult
    func send(
        _ body: String, hold: Duration = .zero, files: [FileID] = [], by agent: String = "a1"
    ) async throws -> MessageID {
        let acceptance = try await store.write(
            AgentMessage(
                .answer, in: .standard, by: Agent(id: agent, name: "Sam"), body: body,
                attachments: files.map { Attachment(name: "?", size: "0", file: $0) },
                conversation: "conversation",
                key: IdempotencyKey("\(UInt64.random(in: 0 ... .max))"), digest: [], hold: hold))
        guard case .accepted(let id) = acceptance else {
            throw Unexpected(description: "\(acceptance)")
        }
        return id
    }

    /// A file of three bytes that has come in full.
    func upload(_ name: String, by agent: String = "a1") async throws(StoreError) -> FileID {
        let id = try await store.begin(
            name, contentType: "application/pdf", size: 3, in: .standard, by: agent)
        try await store.append([1, 2, 3], number: 0, to: id)
        return id
    }
}
