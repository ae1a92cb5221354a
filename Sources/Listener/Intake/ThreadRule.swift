public import Outbox

/// Which messages make one thread where the shop names none (`shops.<name>.threadKey`).
public enum ThreadRule: String, Sendable, CaseIterable {
    /// Those about one order; without an order, those of one customer.
    case order
    /// Those of one customer.
    case customer
    /// Each by itself.
    case message

    /// The thread a message belongs to.
    ///
    /// The shop's own key stays as it is, unless it looks like one that is made here: then it is put
    /// behind `key:`, so that no order or customer ever meets a thread the shop has named.
    /// - Parameter unique: names this message and no other; for the same post always the same.
    public func thread(of message: Message, unique: @autoclosure () -> String) -> ThreadKey {
        if let key = message.conversationKey {
            let isTaken = Self.prefixes.contains { key.hasPrefix($0) }
            return ThreadKey(isTaken ? "key:\(key)" : key)
        }
        if self == .message { return ThreadKey("message:\(unique())") }
        if self == .order {
            if let id = message.order?.id { return ThreadKey("order:\(id)") }
            if let number = message.order?.number { return ThreadKey("number:\(number)") }
        }
        if let id = message.customer.id { return ThreadKey("customer:\(id)") }
        return ThreadKey("email:\(Customer.key(ofEmail: message.customer.email ?? ""))")
    }

    private static let prefixes = ["key:", "message:", "order:", "number:", "customer:", "email:"]
}
