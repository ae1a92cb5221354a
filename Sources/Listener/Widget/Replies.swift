import ExactJSON
import HummingbirdCore
import Outbox

/// What is known for the names in two braces that ready texts have.
struct Replies {
    private let values: [String: String]

    init(_ about: Message?, subject: String?, agent: Agent, shop: String) {
        let customer = about?.customer
        let order = about?.order
        let all: [String: String?] = [
            "customer.name": customer?.displayName,
            "customer.firstName": customer?.firstName,
            "customer.lastName": customer?.lastName, "customer.email": customer?.email,
            "customer.company": customer?.company, "order.number": order?.number ?? order?.id,
            "order.status": order?.status, "order.total": order?.total,
            "order.currency": order?.currency, "agent.name": agent.name, "shop.name": shop,
            "thread.subject": subject,
        ]
        values = all.compactMapValues { $0 }
    }

    /// What is not known stays, so that the agent sees what is missing.
    func filled(_ reply: QuickReply) -> String {
        var result = ""
        var rest = reply.text[...]
        while let start = rest.firstRange(of: "{{"),
            let end = rest[start.upperBound...].firstRange(of: "}}")
        {
            let name = rest[start.upperBound..<end.lowerBound].filter { !$0.isWhitespace }
            result += rest[..<start.lowerBound]
            result +=
                values[name] ?? reply.defaults[name]
                ?? String(rest[start.lowerBound..<end.upperBound])
            rest = rest[end.upperBound...]
        }
        return result + rest
    }
}

extension Conversations {
    @Sendable func listReplies(_ visit: ThreadVisit) async throws -> Response {
        let page = try await page(visit)
        let replies = Replies(
            page.about, subject: page.subject, agent: visit.agent,
            shop: shopName(visit.thread))
        let text = visit.call.target["q"] ?? ""
        do throws(ParticipationError) {
            let found = try await services.replies(
                in: visit.part.queue, matching: text, as: visit.session.access)
            return .private(["replies": .array(found.map { $0.json(replies.filled($0)) })])
        } catch {
            guard case .notPermitted = error else { throw error }
            return .private(["replies": [], "why": "not_permitted"])
        }
    }
}

extension QuickReply {
    fileprivate func json(_ text: String) -> JSON {
        [
            "id": .string(id), "name": .string(name), "library": .string(library),
            "text": .string(text),
        ]
    }
}
