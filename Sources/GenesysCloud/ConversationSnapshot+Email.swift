import ExactJSON
import Outbox

extension ConversationSnapshot {
    /// The flat shape: `GET /api/v2/conversations/emails/{id}`, and what is told on a queue's topic.
    init?(email json: JSON) {
        guard let id = json["id"]?.string, !id.isEmpty,
            let participants = json["participants"]?.array
        else { return nil }
        self.init(id: id, sides: participants.map(Side.init(email:)))
        newest = participants.compactMap { $0.newest(Self.times) }.max()
        divisions = json.divisions
    }

    private static let times = [
        "startTime", "startAlertingTime", "connectedTime", "startHoldTime", "parkTime", "endTime",
        "startAcwTime", "endAcwTime",
    ]
}

extension ConversationSnapshot.Side {
    fileprivate init(email json: JSON) {
        id = json["id"]?.string
        purpose = json["purpose"]?.string?.lowercased() ?? ""
        provider = json["provider"]?.string
        startedAt = json.time("startTime")
        connectedAt = json.time("connectedTime")
        endedAt = json.time("endTime")
        state = ConversationSnapshot.State(
            json["state"]?.string, wasConnected: connectedAt != nil, hasEnded: endedAt != nil)
        let name = json["name"]?.string
        if isAgent {
            agent = json["user"]?.id.map {
                Agent(id: $0, name: json["user"]?["name"]?.string ?? name)
            }
        }
        let place = json["queue"] ?? json["conversationRoutingData"]?["queue"]
        queue = place?.id.map {
            Queue(id: $0, name: place?["name"]?.string ?? (isQueue ? name : nil))
        }
        disconnectType = json["disconnectType"]?.disconnectType
        wrapUp = json["wrapup"].flatMap(WrapUp.init)
        requiresWrapUp = json["wrapupRequired"] == true
        marker = json["attributes"]?["bridge.key"]?.string.flatMap { EntryID($0) }
    }
}

extension ConversationSnapshot.State {
    /// - Parameter name: as `GET` and topics have it; unknown ones tell less than the times.
    init(_ name: String?, wasConnected: Bool, hasEnded: Bool) {
        self =
            switch name?.lowercased() {
            case _ where hasEnded: .over
            case "disconnected", "terminated": .over
            case "alerting", "contacting", "offering", "dialing": .alerting
            case "connected", "transmitting": .connected
            case "parked": .parked
            default: wasConnected ? .connected : .idle
            }
    }
}

extension WrapUp {
    /// `nil` where it has no code, or may yet be changed by itself (`provisional`).
    init?(_ json: JSON) {
        guard let code = json["code"]?.string, !code.isEmpty, json["provisional"] != true else {
            return nil
        }
        self.init(code: code, name: json["name"]?.string, notes: json["notes"]?.string)
    }
}

extension JSON {
    /// The id of a reference.
    fileprivate var id: String? {
        guard let id = self["id"]?.string, !id.isEmpty else { return nil }
        return id
    }
}
