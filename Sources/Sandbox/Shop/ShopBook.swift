import Foundation

/// What the demo shop remembers: the messages of its customers, and what the bridge told of them.
struct ShopBook: Sendable {
    /// One line of a thread.
    enum Entry: Sendable {
        /// A message, by its place.
        case message(Int)
        /// A callback, by its place.
        case callback(Int)
    }

    private(set) var messages: [ShopMessage] = []
    private(set) var callbacks: [ShopCallback] = []
    /// Both, in the order in which they came.
    private(set) var entries: [Entry] = []
    /// How often each callback came, by its id, kept or not.
    private(set) var attempts: [String: Int] = [:]
    var behaviours: [Sandbox.ShopBehaviour] = []

    mutating func append(_ message: ShopMessage) {
        entries.append(.message(messages.count))
        messages.append(message)
    }

    func message(_ id: String) -> ShopMessage? {
        messages.first { $0.id == id }
    }

    mutating func set(_ status: ShopMessage.Status, _ detail: String?, of id: String) {
        guard let index = messages.firstIndex(where: { $0.id == id }) else { return }
        // A callback may be faster than the answer that says that the message is accepted.
        guard status != .accepted || messages[index].status == .sending else { return }
        messages[index].status = status
        messages[index].detail = detail
    }

    /// The behaviour that is planned for the next callback.
    mutating func takeBehaviour() -> Sandbox.ShopBehaviour {
        guard !behaviours.isEmpty else { return Sandbox.ShopBehaviour() }
        behaviours[0].count -= 1
        let taken = behaviours[0]
        if taken.count == 0 {
            behaviours.removeFirst()
        }
        return taken
    }

    mutating func countAttempt(_ id: String) {
        attempts[id, default: 0] += 1
    }

    /// Keeps a callback, once; a repeat changes nothing.
    mutating func keep(_ callback: ShopCallback) {
        guard !callbacks.contains(where: { $0.id == callback.id }) else { return }
        entries.append(.callback(callbacks.count))
        callbacks.append(callback)
        let event = callback.event
        switch event.type {
        case "agent.reply":
            for index in messages.indices
            where messages[index].order.thread == event.thread && messages[index].isUnderWay {
                messages[index].status = .answered
            }
        case "message.dead":
            guard let message = event.message else { return }
            set(.dead, event.text, of: message)
        default:
            break
        }
    }
}

extension ShopMessage {
    fileprivate var isUnderWay: Bool {
        status == .sending || status == .accepted
    }
}
