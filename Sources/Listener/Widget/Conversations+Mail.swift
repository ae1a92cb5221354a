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

    /// The same key is the same mail, whatever came of it: the customer would get two.
    @Sendable func startMail(_ visit: ThreadVisit) async throws -> Response {
        let page = try await permit(.mail, visit)
        let order = try await visit.call.order()
        let subject = try order.text("subject").onOneLine
        guard (1...998).contains(subject.unicodeScalars.count) else {
            throw FieldError(field: "subject", problem: "has to be 1 to 998 characters")
        }
        let key = try order.key()
        guard let customer = page.about?.customer, let to = customer.email else {
            throw StoreError.notAllowed("the customer's address is not known")
        }
        guard let queue = visit.part.queue, try await address(of: visit) != nil else {
            throw StoreError.notAllowed("the queue has no address that mail is sent from")
        }
        let mail = OutgoingMail(
            queue: queue.id, to: to, toName: customer.displayName, subject: subject)
        let conversation = try await mails.start(
            .init(thread: visit.thread, agent: visit.agent.id, key: key)
        ) { () throws(ParticipationError) in
            let conversation = try await services.start(mail, as: visit.session.access)
            await link(mail, conversation, visit)
            return conversation
        }
        return .private(["conversation": .string(conversation)], status: .created)
    }

    private func link(
        _ mail: OutgoingMail, _ conversation: String, _ visit: ThreadVisit
    ) async {
        do {
            try await store.link(
                LinkedConversation(
                    reference: conversation, to: mail.to, subject: mail.subject,
                    agent: visit.agent, at: environment.now()),
                to: visit.thread)
        } catch {
            // It was started all the same: a refusal would have the agent start another.
            visit.call.logger.error(
                "a mail is not linked to its thread",
                metadata: ["conversation": "\(conversation)", "error": "\(error)"])
        }
    }
}
