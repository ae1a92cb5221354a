import ExactJSON
import Outbox

/// Where in Genesys a route leads to, and with which routing data (`routes.<name>`).
public struct RouteTarget: Sendable, Equatable {
    public enum Place: Sendable, Equatable {
        case queue(String)
        case flow(String)
    }

    public var place: Place
    public var priority: Int
    /// Points for each minute the message waited here: Genesys counts a conversation's age from its creation,
    /// and one point as much as one minute in the queue.
    public var priorityPerMinute: Int
    /// The most that waiting may add.
    public var priorityCap: Int
    public var skillIDs: [String]
    public var languageID: String?
    public var utilizationLabel: String?

    public init(
        _ place: Place, priority: Int = 0, priorityPerMinute: Int = 1, priorityCap: Int = 120,
        skillIDs: [String] = [], languageID: String? = nil, utilizationLabel: String? = nil
    ) {
        self.place = place
        self.priority = priority
        self.priorityPerMinute = priorityPerMinute
        self.priorityCap = priorityCap
        self.skillIDs = skillIDs
        self.languageID = languageID
        self.utilizationLabel = utilizationLabel
    }

    func priority(afterWaiting wait: Duration) -> Int {
        let minutes = Int(max(0, wait.seconds) / 60)
        let (points, overflow) = minutes.multipliedReportingOverflow(by: priorityPerMinute)
        return priority + (overflow ? priorityCap : min(points, priorityCap))
    }

    /// What the body that creates a conversation says of its route.
    func members(priority: Int) -> [(String, JSON)] {
        var members: [(String, JSON)] = []
        switch place {
        case .queue(let id): members.append(("queueId", .string(id)))
        case .flow(let id): members.append(("flowId", .string(id)))
        }
        if priority != 0 { members.append(("priority", JSON(priority))) }
        if !skillIDs.isEmpty { members.append(("skillIds", .array(skillIDs.map(JSON.string)))) }
        if let id = languageID { members.append(("languageId", .string(id))) }
        if let id = utilizationLabel { members.append(("utilizationLabel", .string(id))) }
        return members
    }
}

/// What of a shop's customers goes to Genesys, and as whose mail it appears (`shops.<name>`).
public struct ShopProfile: Sendable, Equatable {
    public enum PersonalField: String, Sendable, CaseIterable {
        case id, name, email, phone, locale
    }

    /// The shop's name as the agent sees it.
    public var toName: String
    public var personalFields: Set<PersonalField>

    public init(
        toName: String, personalFields: Set<PersonalField> = [.id, .name, .email, .locale]
    ) {
        self.toName = toName
        self.personalFields = personalFields
    }
}
