import ExactJSON
import Outbox

extension ConversationSnapshot {
    /// A conversation of the analytics' details: participants with sessions of segments.
    ///
    /// It has neither attributes nor names of queues and codes, and may be minutes behind.
    init?(analytics json: JSON) {
        guard let id = json["conversationId"]?.string, !id.isEmpty,
            let participants = json["participants"]?.array
        else { return nil }
        self.init(id: id, sides: participants.map(Side.init(analytics:)))
        hasEnded = json["conversationEnd"]?.string != nil
        let segments = participants.flatMap { $0.sessions }.flatMap { $0.segments }
        newest =
            (segments.map { $0.newest(["segmentStart", "segmentEnd"]) }
            + [json.time("conversationStart"), json.time("conversationEnd")])
            .compactMap { $0 }.max()
    }
}

extension ConversationSnapshot.Side {
    fileprivate init(analytics json: JSON) {
        purpose = json["purpose"]?.string?.lowercased() ?? ""
        provider = json.sessions.compactMap { $0["provider"]?.string }.first
        let segments = json.sessions.flatMap(\.segments)
        // After-call work goes on when the side is over.
        let (closing, active) = segments.split {
            $0["segmentType"]?.string?.lowercased() == "wrapup"
        }
        startedAt = active.compactMap { $0.time("segmentStart") }.min()
        connectedAt = active.filter(\.isConnected).compactMap { $0.time("segmentStart") }.min()
        let open = active.last { $0["segmentEnd"]?.string == nil }
        state = Self.state(open, hasSegments: !active.isEmpty)
        endedAt = isOver ? active.compactMap { $0.time("segmentEnd") }.max() : nil
        let name = json["participantName"]?.string
        if isAgent, let id = json["userId"]?.string, !id.isEmpty {
            agent = Agent(id: id, name: name)
        }
        if let id = segments.compactMap({ $0["queueId"]?.string }).last, !id.isEmpty {
            queue = Queue(id: id, name: isQueue ? name : nil)
        }
        disconnectType = active.compactMap { $0["disconnectType"]?.disconnectType }.last
        wrapUp =
            closing.compactMap { segment in
                segment["wrapUpCode"]?.string.map {
                    WrapUp(code: $0, notes: segment["wrapUpNote"]?.string)
                }
            }.last
    }

    private static func state(_ open: JSON?, hasSegments: Bool) -> ConversationSnapshot.State {
        guard let open else { return hasSegments ? .over : .idle }
        return switch open["segmentType"]?.string?.lowercased() {
        case "alert", "contacting", "dialing": .alerting
        case "parked": .parked
        case _ where open.isConnected: .connected
        default: .idle
        }
    }
}

extension JSON {
    fileprivate var sessions: [JSON] { self["sessions"]?.array ?? [] }
    fileprivate var segments: [JSON] { self["segments"]?.array ?? [] }

    /// Whether a segment is one in which its side has the conversation.
    fileprivate var isConnected: Bool {
        ["interact", "hold", "parked", "transmitting"]
            .contains(self["segmentType"]?.string?.lowercased())
    }
}

extension [JSON] {
    fileprivate func split(by isFirst: (JSON) -> Bool) -> (first: [JSON], others: [JSON]) {
        (filter(isFirst), filter { !isFirst($0) })
    }
}
