import ExactJSON
import HTTPTypes
import HummingbirdCore
import Outbox

extension Conversations {
    /// Of a page of messages.
    private static let page = 50
    /// Of a customer's other threads.
    private static let earlier = 20

    @Sendable func show(_ visit: ThreadVisit) async throws -> Response {
        var visit = visit
        let drafts = try await store.drafts(in: visit.thread)
        if visit.part.kind == .connected, drafts.contains(where: { !visit.owns($0) }) {
            // Who has just lost the conversation is not to be shown what the next one writes.
            visit = try await self.visit(
                visit.call, by: visit.way, visit.session, asksAnew: true)
        }
        // Before the page, so that what changes in between shows as a change.
        let mark = try await mark(visit)
        let page = try await page(visit, limit: Self.page)
        let access = may(visit, in: page)
        let own = drafts.filter { visit.owns($0) }
        var filed: [(Draft, [KeptFile])] = []
        for draft in own { filed.append((draft, try await files(of: draft))) }
        var left: [Draft] = []
        if access.allows(.write) {
            for draft in drafts where !visit.owns(draft) {
                if isLeft(draft, visit, in: page) { left.append(draft) }
            }
        }
        return .private(
            ConversationView(
                visit: visit, access: access, shopName: shopName(visit.thread), page: page,
                mark: mark, drafts: filed, left: left, earlier: try await earlier(visit, page)
            ).json)
    }

    /// What a page out of sight asks for instead of following a stream; nothing of the thread is in it.
    @Sendable func showMark(_ visit: ThreadVisit) async throws -> Response {
        .private(["mark": .string(try await mark(visit))])
    }

    @Sendable func showOlder(_ visit: ThreadVisit) async throws -> Response {
        let page = try await page(
            visit, before: try visit.call.before(), limit: Self.page)
        let access = may(visit, in: page)
        return .private([
            "messages": .array(page.messages.map { $0.json(for: visit, access) }),
            "older": page.older,
        ])
    }

    func shopName(_ thread: ThreadName) -> String {
        settings.shopNames[thread.shop] ?? thread.shop.description
    }

    // MARK: Earlier threads

    /// An agent sees what else the customer wrote, by right of the conversation they have; an onlooker's right
    /// ends with the one thread that Genesys shows them.
    private func seesEarlier(_ visit: ThreadVisit) -> Bool {
        visit.part.kind == .connected
    }

    private func earlier(
        _ visit: ThreadVisit, _ page: TranscriptPage
    ) async throws -> [(ThreadSummary, subject: String?)] {
        guard seesEarlier(visit), let customer = page.customer else { return [] }
        let threads = try await store.threads(
            of: customer, in: visit.thread.shop, limit: Self.earlier + 1)
        var found: [(ThreadSummary, subject: String?)] = []
        for summary in threads.filter({ $0.thread != visit.thread }).prefix(Self.earlier) {
            found.append((summary, try await store.question(of: summary.thread)?.subject))
        }
        return found
    }

    /// - Throws: the same for a thread that is not there, or another customer's.
    private func earlierThread(_ visit: ThreadVisit) async throws -> ThreadName {
        let name = ThreadName(visit.thread.shop, ThreadKey(visit.parameters[0]))
        guard seesEarlier(visit),
            let customer = try await page(visit).customer,
            let other = try await store.page(of: name, before: nil, limit: 1).customer,
            other.hasBytes(of: customer)
        else { throw Problem.notYours }
        try await note(name, visit)
        return name
    }

    @Sendable func showEarlier(_ visit: ThreadVisit) async throws -> Response {
        let name = try await earlierThread(visit)
        let page = try await store.page(
            of: name, before: try visit.call.before(), limit: Self.page)
        let address = "\(visit.address)/earlier/\(name.key.description.percentEncoded)"
        return .private([
            "thread": [
                "key": .string(name.key.description), "subject": JSON(page.subject),
                "status": .string(page.summary.status.rawValue),
                "since": JSON(page.summary.since),
            ],
            "messages": .array(page.messages.map { $0.json(for: visit, nil, at: address) }),
            "older": page.older,
        ])
    }

    @Sendable func giveEarlierFile(_ visit: ThreadVisit) async throws -> Response {
        try await file(visit.parameters[1], of: try await earlierThread(visit), for: visit)
    }
}

extension Call {
    /// The message that a page ends before.
    fileprivate func before() throws(Problem) -> MessageID? {
        guard let text = target["before"] else { return nil }
        guard let id = MessageID(text) else {
            throw Problem(
                .badRequest, .invalid, "a message's id is expected", field: "before")
        }
        return id
    }
}
