import Foundation

/// A callback of the bridge that the demo shop has kept.
struct ShopCallback: Sendable {
    let id: String
    let received: Date
    /// The body as it came, which is JSON.
    let body: String
    let event: Event

    /// What the shop reads in a body; what it does not know, it passes over.
    struct Event: Sendable {
        let type: String
        /// The key of the thread that it is about.
        let thread: String?
        /// The message that it is about, or answers.
        let message: String?
        /// What the agent writes, or what there is to say of the event.
        let text: String?
        let agent: String?

        /// `nil` unless the body is an object with a type.
        init?(_ body: Data) {
            let json = try? JSONSerialization.jsonObject(with: body)
            guard let object = json as? [String: Any], let type = object["type"] as? String
            else { return nil }
            func text(_ paths: [String]...) -> String? {
                for path in paths {
                    let found = path.reduce(object["data"]) { ($0 as? [String: Any])?[$1] }
                    if let text = found as? String { return text }
                }
                return nil
            }
            self.type = type
            thread = text(["conversation", "key"], ["thread", "key"], ["thread"])
            message = text(["in_reply_to", "message_id"], ["message", "message_id"])
            self.text = text(
                ["reply", "body"], ["status"], ["thread", "status"], ["awaiting"],
                ["thread", "awaiting"], ["reason"], ["message", "reason"])
            agent = text(["reply", "agent", "name"], ["agent", "name"])
        }
    }
}
