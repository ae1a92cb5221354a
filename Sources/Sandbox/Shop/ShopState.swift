/// What the shop's page shows.
struct ShopState: Encodable {
    /// One line of a thread: a message, an answer, or something that has happened.
    struct Line: Encodable {
        let kind: String
        let id: String
        let at: String
        let text: String?
        /// Of a message.
        var status: ShopMessage.Status?
        var detail: String?
        /// Of an answer.
        var agent: String?
        /// Of what has happened.
        var type: String?

        init(_ message: ShopMessage) {
            kind = "message"
            id = message.id
            at = message.sent.apiText
            text = message.text
            status = message.status
            detail = message.detail
        }

        init(_ callback: ShopCallback) {
            let event = callback.event
            kind = event.type == "agent.reply" ? "reply" : "event"
            id = callback.id
            at = callback.received.apiText
            text = event.text
            agent = event.agent
            type = event.type
        }
    }

    /// Where messages go to; none if the sandbox was started without.
    let bridge: String?
    let orders: [ShopOrder]
    /// By the id of the order.
    let threads: [String: [Line]]

    init(_ shop: ShopBook, _ link: Sandbox.BridgeLink?) {
        bridge = link?.bridge
        orders = ShopOrder.all
        var threads: [String: [Line]] = [:]
        for entry in shop.entries {
            switch entry {
            case .message(let index):
                let message = shop.messages[index]
                threads[message.order.id, default: []].append(Line(message))
            case .callback(let index):
                let callback = shop.callbacks[index]
                let about = ShopOrder.all.first { order in
                    order.thread == callback.event.thread
                        || shop.message(callback.event.message ?? "")?.order.id == order.id
                }
                guard let about else { continue }
                threads[about.id, default: []].append(Line(callback))
            }
        }
        self.threads = threads
    }
}
