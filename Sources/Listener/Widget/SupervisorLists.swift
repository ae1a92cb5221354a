import ExactJSON
import HTTPTypes
import HummingbirdCore
import Outbox

/// The threads that a supervisor looks through, as far as Genesys shows them to their own login.
struct SupervisorLists: Sendable {
    private static let page = 50

    let conversations: Conversations

    private var settings: WidgetSettings { conversations.settings }

    func add(to routes: inout Routes) {
        routes.on(.get, "widget/api/threads") { call throws(Problem) in
            try await conversations.sessions.answering(call) { session in
                try await list(call, session)
            }
        }
    }

    private func list(_ call: Call, _ session: Session) async throws -> Response {
        guard session.isSupervisor else {
            throw ParticipationError.notPermitted("your role at Genesys shows no conversations")
        }
        guard let view = ThreadList(rawValue: call.target["view"] ?? "") else {
            let names = ThreadList.allCases.map(\.rawValue).joined(separator: ", ")
            throw FieldError(field: "view", problem: "has to be one of \(names)")
        }
        var place: ThreadPlace?
        if let text = call.target["after"] {
            place = ThreadPlace(text)
            guard place != nil else {
                throw FieldError(field: "after", problem: "has to be what the page before gave")
            }
        }
        let rows = try await conversations.store.threads(view, after: place, limit: Self.page)
        let shown = try await shown(rows, to: session)
        return .private([
            "threads": .array(shown.map { json($0.row, isWhole: $0.isWhole) }),
            "after": rows.count < Self.page ? .null : JSON(rows.last?.place.text),
            "hidden": JSON(rows.count - shown.count),
        ])
    }

    /// In one question for all conversations, and one for each queue of threads that have none.
    /// - Returns: each with whether all its conversations are shown.
    private func shown(
        _ rows: [ThreadRow], to session: Session
    ) async throws -> [(row: ThreadRow, isWhole: Bool)] {
        let ids = rows.flatMap(\.conversations)
        let visible =
            ids.isEmpty
            ? [] : try await conversations.services.visible(ids, to: session.access)
        let without = rows.filter { $0.summary.conversation == nil }
        var queues: Set<String> = []
        for queue in Set(without.compactMap { queue(of: $0)?.id })
        where try await sees(queue, session) {
            queues.insert(queue)
        }
        return rows.filter { row in
            row.summary.conversation.map(visible.contains)
                ?? queue(of: row).map { queues.contains($0.id) } ?? false
        }.map { ($0, visible.isSuperset(of: $0.conversations)) }
    }

    private func sees(_ queue: String, _ session: Session) async throws -> Bool {
        do throws(ParticipationError) {
            _ = try await conversations.access.part(of: session, in: .queue(queue))
            return true
        } catch {
            switch error {
            case .notParticipant, .notPermitted: return false
            default: throw error
            }
        }
    }

    private func queue(of row: ThreadRow) -> Queue? {
        row.conversation?.observation.queue
            ?? row.route.flatMap { settings.queues[$0] }.map { Queue(id: $0) }
    }

    /// Of a thread that they see in part nothing is told that may be of the other part.
    private func json(_ row: ThreadRow, isWhole: Bool) -> JSON {
        let thread = row.summary.thread
        let message = isWhole ? row.message : nil
        let customer = message?.customer
        return [
            "shop": .string(thread.shop.description),
            "shop_name": .string(conversations.shopName(thread)),
            "key": .string(thread.key.description),
            "customer": JSON(customer?.displayName ?? customer?.email ?? customer?.id),
            "subject": JSON(message?.subject),
            "status": .string(row.summary.status.rawValue), "since": JSON(row.summary.since),
            "conversation": JSON(row.summary.conversation),
            "queue": queue(of: row)?.json ?? .null,
            "agent": row.conversation?.observation.agent?.json ?? .null,
            "reason": isWhole ? JSON(row.reason) : .null,
        ]
    }
}

extension ThreadPlace {
    fileprivate var text: String { "\(since.milliseconds)-\(thread)" }

    fileprivate init?(_ text: String) {
        let parts = text.split(separator: "-").compactMap { Int64($0) }
        guard parts.count == 2 else { return nil }
        self.init(since: Timestamp(milliseconds: parts[0]), thread: parts[1])
    }
}
