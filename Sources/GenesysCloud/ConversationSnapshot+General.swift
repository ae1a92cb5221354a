import ExactJSON
import Outbox

extension ConversationSnapshot {
    /// The shape of `GET /api/v2/conversations/{id}`: participants with a list for each media.
    init?(general json: JSON) {
        guard let id = json["id"]?.string, !id.isEmpty,
            let participants = json["participants"]?.array
        else { return nil }
        self.init(id: id, sides: participants.map(Side.init(general:)))
        hasEnded = json["endTime"]?.string != nil
        divisions = json.divisions
        let emails = participants.flatMap { $0["emails"]?.array ?? [] }
        newest =
            (participants.map { $0.newest(Self.times) } + emails.map { $0.newest(Self.emailTimes) }
            + [json.time("startTime"), json.time("endTime")]).compactMap { $0 }.max()
    }

    private static let times = [
        "startTime", "connectedTime", "endTime", "startAcwTime", "endAcwTime",
    ]
    private static let emailTimes = [
        "startAlertingTime", "connectedTime", "startHoldTime", "parkTime", "disconnectedTime",
    ]
}

extension ConversationSnapshot.Side {
    fileprivate init(general json: JSON) {
        let emails = json["emails"]?.array ?? []
        let open = emails.last { $0["disconnectedTime"]?.string == nil }
        let email = open ?? emails.last
        purpose = json["purpose"]?.string?.lowercased() ?? ""
        provider = email?["provider"]?.string
        startedAt = json.time("startTime")
        connectedAt = json.time("connectedTime") ?? email?.time("connectedTime")
        endedAt = json.time("endTime") ?? (open == nil ? email?.time("disconnectedTime") : nil)
        state = ConversationSnapshot.State(
            email?["state"]?.string, wasConnected: connectedAt != nil, hasEnded: endedAt != nil)
        let name = json["name"]?.string
        if isAgent, let id = json["userId"]?.string, !id.isEmpty {
            agent = Agent(id: id, name: name)
        }
        if let id = json["queueId"]?.string, !id.isEmpty {
            queue = Queue(id: id, name: json["queueName"]?.string ?? (isQueue ? name : nil))
        }
        let last = email?["segments"]?.array?.last
        disconnectType =
            email?["disconnectType"]?.disconnectType ?? last?["disconnectType"]?.disconnectType
        wrapUp = json["wrapup"].flatMap(WrapUp.init) ?? email?["wrapup"].flatMap(WrapUp.init)
        marker = json["attributes"]?["bridge.key"]?.string.flatMap { EntryID($0) }
    }
}
