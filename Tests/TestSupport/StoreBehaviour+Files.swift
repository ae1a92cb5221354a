import Outbox
import Testing

extension StoreBehaviour {
    private static let sam = Agent(id: "a1", name: "Sam")

    static let files = [
        StoreBehaviour("a file comes in parts and is there once all have come") { bench in
            try await bench.post()
            let part = [UInt8](repeating: 7, count: KeptFile.partSize)
            let id = try await bench.store.begin(
                "photo.jpg", contentType: "image/jpeg", size: part.count + 2, in: .standard,
                by: "a1")
            try await bench.store.append(part, number: 0, to: id)
            await #expect(throws: StoreError.notFound) { _ = try await bench.store.file(id) }
            try await bench.store.append([8, 9], number: 1, to: id)
            let file = try await bench.store.file(id)
            #expect(
                file
                    == KeptFile(
                        id: id, thread: .standard, agent: "a1", name: "photo.jpg",
                        contentType: "image/jpeg", size: part.count + 2))
            #expect(try await bench.store.part(0, of: id) == part)
            #expect(try await bench.store.part(1, of: id) == [8, 9])
            #expect(try await bench.store.part(2, of: id).isEmpty)
        },
        StoreBehaviour("a file without bytes is there at once") { bench in
            try await bench.post()
            let id = try await bench.store.begin(
                "empty", contentType: "text/plain", size: 0, in: .standard, by: "a1")
            #expect(try await bench.store.file(id).size == 0)
            #expect(try await bench.store.part(0, of: id).isEmpty)
        },
        StoreBehaviour("a part that is too large or not the next is refused") { bench in
            try await bench.post()
            let most = KeptFile.partSize
            let id = try await bench.store.begin(
                "a", contentType: "a/b", size: 2 * most, in: .standard, by: "a1")
            let first = [UInt8](repeating: 0, count: most)
            for (bytes, number) in [(first + [0], 0), (first, 1), ([], 0)] {
                await #expect(throws: StoreError.self) {
                    try await bench.store.append(bytes, number: number, to: id)
                }
            }
            try await bench.store.append(first, number: 0, to: id)
            await #expect(throws: StoreError.self) {
                try await bench.store.append(first, number: 0, to: id)
            }
            try await bench.store.append([UInt8](first.dropLast()), number: 1, to: id)
            await #expect(throws: StoreError.self) {
                try await bench.store.append([0, 0], number: 2, to: id)
            }
            await #expect(throws: StoreError.notFound) {
                try await bench.store.append([0], number: 0, to: FileID(rawValue: 1))
            }
        },
        StoreBehaviour("a file that no message could bear is not begun") { bench in
            try await bench.post()
            let long = String(repeating: "n", count: 256)
            for (name, type, size) in [
                ("", "a/b", 1), (long, "a/b", 1), ("a\nb", "a/b", 1), ("a", "", 1), ("a", long, 1),
                ("a", "a/b", -1),
            ] {
                await #expect(throws: StoreError.self) {
                    _ = try await bench.store.begin(
                        name, contentType: type, size: size, in: .standard, by: "a1")
                }
            }
        },
        StoreBehaviour("a file is sent once, by who uploaded it, in full", aftercare: .told) {
            bench in
            _ = try await bench.post(in: .delivered)
            try await bench.post("other")
            let file = try await bench.upload("label.pdf")
            let foreign = try await bench.upload("foreign.pdf", by: "a2")
            let elsewhere = try await bench.store.begin(
                "x", contentType: "a/b", size: 0,
                in: ThreadName(ShopName("shop"), ThreadKey("other")), by: "a1")
            let part = try await bench.store.begin(
                "x", contentType: "a/b", size: 9, in: .standard, by: "a1")
            let unknown = FileID(rawValue: 1)
            for file in [foreign, elsewhere, part, unknown] {
                let refusal = try await refusal { try await bench.send("Here.", files: [file]) }
                guard case .notAllowed(let reason) = refusal else {
                    throw Unexpected(description: "\(refusal)")
                }
                #expect(reason.contains(file.description))
            }
            await #expect(throws: StoreError.self) {
                try await bench.send("Here.", files: [file, file])
            }
            #expect(try await bench.transcript().messages.count == 1)
            let id = try await bench.send("Here.", files: [file])
            // What the store knows of it, and not what the caller says.
            #expect(
                try await bench.line(id).message?.attachments == [
                    Attachment(
                        name: "label.pdf", contentType: "application/pdf", size: "3", file: file)
                ])
            #expect(try await bench.store.file(file).message == id)
            await #expect(throws: StoreError.self) {
                try await bench.send("Again.", files: [file])
            }
        },
        StoreBehaviour("a draft names only its agent's own files, and those not sent") { bench in
            _ = try await bench.post(in: .delivered)
            let file = try await bench.upload("label.pdf")
            let foreign = try await bench.upload("foreign.pdf", by: "a2")
            await #expect(throws: StoreError.self) {
                try await bench.store.keep(.of(sam, "", files: [foreign], at: bench.clock.now))
            }
            let draft = Draft.of(sam, "", files: [file], at: bench.clock.now)
            try await bench.store.keep(draft)
            #expect(try await bench.drafts() == [draft])
            try await bench.send("Here.", files: [file])
            #expect(try await bench.drafts().isEmpty)
            await #expect(throws: StoreError.self) { try await bench.store.keep(draft) }
        },
        StoreBehaviour("a file goes with its draft, and out of it") { bench in
            try await bench.post()
            let files = [try await bench.upload("a.pdf"), try await bench.upload("b.pdf")]
            let draft = Draft.of(sam, "One.", files: files, at: bench.clock.now)
            try await bench.store.keep(draft)
            await #expect(throws: StoreError.notFound) {
                try await bench.store.drop(files[0], by: "a2")
            }
            try await bench.store.drop(files[0], by: "a1")
            #expect(try await bench.drafts().map(\.files) == [[files[1]]])
            try await bench.store.drop(draft)
            for file in files {
                await #expect(throws: StoreError.notFound) {
                    _ = try await bench.store.file(file)
                }
            }
        },
        StoreBehaviour("a file that was sent stays") { bench in
            _ = try await bench.post(in: .delivered)
            let file = try await bench.upload("label.pdf")
            try await bench.send("Here.", files: [file])
            let refusal = try await refusal { try await bench.store.drop(file, by: "a1") }
            guard case .notAllowed = refusal else { throw Unexpected(description: "\(refusal)") }
            #expect(try await bench.store.part(0, of: file) == [1, 2, 3])
        },
        StoreBehaviour("a file that nobody has a use for is dropped after its time") { bench in
            _ = try await bench.post(in: .delivered)
            let sent = try await bench.upload("sent.pdf")
            try await bench.send("Here.", files: [sent])
            let named = try await bench.upload("named.pdf")
            try await bench.store.keep(.of(sam, "", files: [named], at: bench.clock.now))
            let unused = [try await bench.upload("a.pdf"), try await bench.upload("b.pdf")]
            func dropped() async throws -> Pruned {
                let cutoff = Cutoff(
                    history: .init(milliseconds: 0), threads: .init(milliseconds: 0),
                    files: bench.clock.now + .seconds(-60))
                let page = try await bench.store.prune(before: cutoff, at: .files, limit: 2)
                #expect((page.next == .files) == (page.dropped.parts == 2))
                return page.dropped
            }
            #expect(try await dropped() == Pruned())
            bench.clock.advance(by: .seconds(61))
            #expect(try await dropped() == Pruned(parts: 2))
            #expect(try await dropped() == Pruned())
            for file in unused {
                await #expect(throws: StoreError.notFound) {
                    _ = try await bench.store.file(file)
                }
            }
            _ = try await bench.store.file(sent)
            _ = try await bench.store.file(named)
        },
        StoreBehaviour("an agent's file that no draft names gives way to their next in time") {
            bench in
            try await bench.post()
            let lost = try await bench.upload("lost.pdf")
            let part = try await bench.store.begin(
                "part.pdf", contentType: "a/b", size: 3, in: .standard, by: "a1")
            let named = try await bench.upload("named.pdf")
            try await bench.store.keep(.of(sam, "", files: [named], at: bench.clock.now))
            let foreign = try await bench.upload("foreign.pdf", by: "a2")
            func next() async throws -> FileID {
                try await bench.store.begin(
                    "next.pdf", contentType: "a/b", size: 3, in: .standard, by: "a1", room: 9)
            }
            bench.clock.advance(by: KeptFile.abandonedAfter)
            let refusal = try await refusal { _ = try await next() }
            guard case .notAllowed = refusal else { throw Unexpected(description: "\(refusal)") }
            bench.clock.advance(by: .milliseconds(1))
            let next = try await next()
            for file in [lost, part] {
                await #expect(throws: StoreError.notFound) {
                    try await bench.store.append([3], number: 1, to: file)
                }
            }
            for file in [named, foreign] { _ = try await bench.store.file(file) }
            try await bench.store.append([1, 2, 3], number: 0, to: next)
            #expect(try await bench.store.file(next).size == 3)
        },
        StoreBehaviour("a thread takes its drafts, files and links along") { bench in
            let question = try await bench.post(in: .delivered)
            let file = try await bench.upload("label.pdf")
            try await bench.send("Here.", files: [file])
            try await bench.store.keep(.of(sam, "One.", at: bench.clock.now))
            try await bench.store.link(.example(at: bench.clock.now), to: .standard)
            try await bench.store.observe(.ended(by: .agent))
            bench.clock.advance(by: .seconds(10))
            // The newest change stays, and this is it.
            try await bench.post("later")
            let cutoff = Cutoff(history: bench.clock.now, threads: bench.clock.now)
            var dropped = Pruned()
            var place: PruningPlace? = .start
            while let current = place {
                let page = try await bench.store.prune(before: cutoff, at: current, limit: 1)
                dropped += page.dropped
                place = page.next
            }
            #expect(dropped.threads == 1)
            #expect(dropped.parts == 1)
            await #expect(throws: StoreError.notFound) { _ = try await bench.drafts() }
            await #expect(throws: StoreError.notFound) { _ = try await bench.store.file(file) }
            #expect(try await bench.store.part(0, of: file).isEmpty)
            // One of the same name begins anew.
            try await bench.post()
            #expect(try await bench.drafts().isEmpty)
            let page = try await bench.store.page(of: .standard, before: nil, limit: 9)
            #expect(page.linked.isEmpty)
            #expect(page.question?.rawValue != question.rawValue)
        },
    ]

    static let logins = [
        StoreBehaviour("a login is kept until it expires or is dropped") { bench in
            let end = bench.clock.now + .seconds(60)
            try await bench.store.keep(login: [1, 2], under: [9], until: end)
            try await bench.store.keep(login: [3], under: [8], until: end)
            #expect(try await bench.store.login(under: [9]) == [1, 2])
            #expect(try await bench.store.login(under: [7]) == nil)
            try await bench.store.dropLogin(under: [8])
            #expect(try await bench.store.login(under: [8]) == nil)
            try await bench.store.keep(login: [4], under: [9], until: end)
            #expect(try await bench.store.login(under: [9]) == [4])
            bench.clock.advance(by: .seconds(60))
            #expect(try await bench.store.login(under: [9]) == nil)
        },
        StoreBehaviour("the key of links is one") { bench in
            let key = try await bench.store.linkKey()
            #expect(key.count == 32)
            #expect(try await bench.store.linkKey() == key)
        },
    ]
}

extension LinkedConversation {
    static func example(at now: Timestamp) -> LinkedConversation {
        LinkedConversation(
            reference: "mail", to: "erika@example.org", subject: "Your order",
            agent: Agent(id: "a1", name: "Sam"), at: now)
    }
}
