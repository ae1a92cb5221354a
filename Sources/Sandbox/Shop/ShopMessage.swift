import Foundation

/// A message that a customer of the demo shop has written, as `POST /v1/messages` takes it.
struct ShopMessage: Sendable {
    enum Status: String, Encodable, Sendable {
        /// On its way to the bridge.
        case sending
        /// The bridge has it.
        case accepted
        /// The bridge will not have it.
        case refused
        /// The bridge could not be reached, or has no room: it may be sent again.
        case unsent
        /// An agent has answered in its thread since.
        case answered
        /// The bridge has given it up.
        case dead
    }

    let id: String
    let order: ShopOrder
    let text: String
    let sent: Date
    var status = Status.sending
    /// What the bridge says of the status.
    var detail: String?
    /// The same bytes each time it is posted, which encoding it anew would not give.
    let body: Data

    init(order: ShopOrder, text: String, sent: Date) {
        id = "m-\(UUID().text)"
        self.order = order
        self.text = text
        self.sent = sent
        body = Answer.json(Envelope(id: id, order: order, text: text, sent: sent.apiText)).body
    }

    /// What its body is called in the headers of the webhook.
    var event: String {
        Self.event(of: id)
    }

    private static func event(of id: String) -> String {
        "evt_\(id)"
    }

    private struct Envelope: Encodable {
        struct Payload: Encodable {
            let message: Message
            let conversation: Conversation
            let customer: ShopOrder.Customer
            let order: Order
        }

        struct Message: Encodable {
            let id: String
            let subject: String
            let body: String
            let body_type = "text"
            let direction = "customer"
            let sent_at: String
        }

        struct Conversation: Encodable {
            let key: String
        }

        struct Order: Encodable {
            let id: String
            let number: String
            let status: String
            let fulfillment_status: String
            let total: String
            let currency: String
            let created_at: String
            let items: [ShopOrder.Item]
        }

        let type = "customer.message"
        let id: String
        let timestamp: String
        let source = "demo-shop"
        let data: Payload

        init(id message: String, order: ShopOrder, text: String, sent: String) {
            id = ShopMessage.event(of: message)
            timestamp = sent
            data = Payload(
                message: Message(
                    id: message, subject: "Order \(order.number)", body: text, sent_at: sent),
                conversation: Conversation(key: order.thread), customer: order.customer,
                order: Order(
                    id: order.id, number: order.number, status: order.status,
                    fulfillment_status: order.fulfillment_status, total: order.total,
                    currency: order.currency, created_at: order.created_at, items: order.items))
        }
    }
}
