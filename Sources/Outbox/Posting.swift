public import ExactJSON

/// A message as a shop posts it: inside an envelope's `data`, or in the short form without one.
public struct Posting: Sendable, Equatable {
    /// The shop's id of this event; one of the ways to recognise a repeat.
    public var id: String?
    /// The way into the destination that the shop asks for.
    public var route: RouteName?
    public var message: Message

    /// Reads either form: where there is a member `data`, it has the message.
    public init(json: JSON) throws(FieldError) {
        let fields = try Fields(json, at: "")
        for name in ["type", "id", "timestamp", "source", "data"] { try fields.notNull(name) }
        if let type = try fields.string("type", max: 128), !type.isEventType {
            throw fields.error("type", "has to be words of letters, digits and _ joined by points")
        }
        _ = try fields.dateTime("timestamp")
        _ = try fields.string("source", max: 255)
        id = try fields.id("id")
        let data = try fields.object("data") ?? fields
        var route = try data.id("route")
        if route == nil { route = try fields.id("route") }
        self.route = route.map { RouteName($0) }
        var message = try Message(data)
        guard message.direction != .note else {
            throw FieldError(
                field: data.path(to: "message.direction"),
                problem: "has to be one of customer, staff, system")
        }
        // What is stored is read by the same code; these two only an agent's message has.
        message.authorship = nil
        for index in message.attachments.indices { message.attachments[index].file = nil }
        self.message = message
    }
}

extension String {
    fileprivate var isEventType: Bool {
        utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
            .allSatisfy { word in
                !word.isEmpty
                    && word.allSatisfy {
                        $0.isDigit || $0 == UInt8(ascii: "_")
                            || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0 | 0x20)
                    }
            }
    }
}
