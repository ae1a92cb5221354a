import Foundation

extension Sandbox.Settings {
    enum CodingKeys: String, CodingKey {
        case organization, divisions, clients, codeClients, queues, flows, agents, wrapupCodes,
            purpose, badClientStatus
        case tokenLifetime, wrapupRequired, endsAfterSeconds, channelLifetime, heartbeatSeconds
        case refusesUnknownMembers, refusesOversized, analyticsLag, searchLag, indexesAddressTo
        case libraries, responses, loginShowsPage, loginRefusesFraming, loginError
        case expandsOutboundRoute
        case replacesAttributes, endedTakesFollowUps, limitPer, seed
    }

    /// Members that are absent keep their defaults.
    public init(from decoder: any Decoder) throws {
        let object = try decoder.closedObject(CodingKeys.self)
        var settings = decoder.userInfo[.settings] as? Self ?? Self()
        func take<Value: Decodable>(
            _ member: CodingKeys, _ path: WritableKeyPath<Self, Value>
        ) throws {
            if let value = try object.decodeIfPresent(Value.self, forKey: member) {
                settings[keyPath: path] = value
            }
        }
        try take(.organization, \.organization)
        try take(.divisions, \.divisions)
        try take(.clients, \.clients)
        try take(.codeClients, \.codeClients)
        try take(.queues, \.queues)
        try take(.flows, \.flows)
        try take(.agents, \.agents)
        try take(.wrapupCodes, \.wrapupCodes)
        try take(.wrapupRequired, \.wrapupRequired)
        if object.contains(.endsAfterSeconds) {
            settings.endsAfterSeconds = try object.decodeIfPresent(
                Double.self, forKey: .endsAfterSeconds)
        }
        try take(.libraries, \.libraries)
        try take(.responses, \.responses)
        try take(.loginShowsPage, \.loginShowsPage)
        try take(.loginRefusesFraming, \.loginRefusesFraming)
        if object.contains(.loginError) {
            settings.loginError = try object.decodeIfPresent(String.self, forKey: .loginError)
        }
        try take(.expandsOutboundRoute, \.expandsOutboundRoute)
        try take(.purpose, \.purpose)
        try take(.badClientStatus, \.badClientStatus)
        try take(.tokenLifetime, \.tokenLifetime)
        try take(.refusesUnknownMembers, \.refusesUnknownMembers)
        try take(.refusesOversized, \.refusesOversized)
        try take(.analyticsLag, \.analyticsLag)
        try take(.searchLag, \.searchLag)
        try take(.indexesAddressTo, \.indexesAddressTo)
        try take(.replacesAttributes, \.replacesAttributes)
        try take(.endedTakesFollowUps, \.endedTakesFollowUps)
        try take(.channelLifetime, \.channelLifetime)
        try take(.heartbeatSeconds, \.heartbeatSeconds)
        try take(.limitPer, \.limitPer)
        try take(.seed, \.seed)
        self = settings
    }

    /// Takes over the members of a JSON object and leaves the others as they are.
    ///
    /// - Throws: a `DecodingError` that names the member that there is not, or that does not fit.
    mutating func merge(_ json: Data) throws {
        let decoder = JSONDecoder()
        decoder.userInfo[.settings] = self
        self = try decoder.decode(Self.self, from: json)
    }
}

extension CodingUserInfoKey {
    /// The settings that a decoded object changes.
    fileprivate static let settings = required("settings")
}
