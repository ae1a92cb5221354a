import ExactJSON
import HTTPTypes
import HummingbirdCore
import Logging
import Outbox

extension Conversations {
    @Sendable func showMail(_ visit: ThreadVisit) async throws -> Response {
        let page = try await page(visit)
        let to = page.about?.customer.email
        guard may(visit, in: page).allows(.mail) else {
            return .private(mail(nil, to, "not_permitted"))
        }
        do {
            let from = try await address(of: visit)
            let obstacle = to == nil ? "no_customer_address" : "no_queue_address"
            return .private(mail(from, to, to == nil || from == nil ? obstacle : nil))
        } catch ParticipationError.notPermitted {
            return .private(mail(nil, to, "not_permitted"))
        }
    }

    private func mail(_ from: String?, _ to: String?, _ obstacle: String?) -> JSON {
        [
            "enabled": .bool(obstacle == nil), "from": JSON(from), "to": JSON(to),
            "why": JSON(obstacle),
        ]
    }

    private func address(of visit: ThreadVisit) async throws -> String? {
        guard let queue = visit.part.queue else { return nil }
        return try await services.address(of: queue, as: visit.session.access)
    }

    /// Not to be repeated where nobody knows what came of it: the customer would get two.
    @Sendable func startMail(_ visit: ThreadVisit) async throws -> Response {
        let page = try await permit(.mail, visit)
        let order = try await visit.call.order()
        let subject = try order.text("subject").onOneLine
        guard (1...998).contains(subject.unicodeScalars.count) else {
            throw FieldError(field: "subject", problem: "has to be 1 to 998 characters")
        }
        guard let customer = page.about?.customer, let to = customer.email else {
            throw StoreError.notAllowed("the customer's address is not known")
        }
        guard let queue = visit.part.queue, try await address(of: visit) != nil else {
            throw StoreError.notAllowed("the queue has no address that mail is sent from")
        }
        let conversation = try await services.start(
            OutgoingMail(queue: queue.id, to: to, toName: customer.displayName, subject: subject),
            as: visit.session.access)
        do {
            try await store.link(
                LinkedConversation(
                    reference: conversation, to: to, subject: subject, agent: visit.agent,
                    at: environment.now()),
                to: visit.thread)
        } catch {
            // It was started all the same: a refusal would have the agent start another.
            visit.call.logger.error(
                "a mail is not linked to its thread",
                metadata: ["conversation": "\(conversation)", "error": "\(error)"])
        }
        return .private(["conversation": .string(conversation)], status: .created)
    }
}
