import ExactJSON
import FoundationEssentials
public import Outbox

/// What a probe measured of an organisation that its documentation leaves open.
public struct Findings: Sendable, Equatable {
    public enum Measurement: Sendable, Equatable {
        /// The conversation was shown that long after its creation was answered, or earlier.
        case shown(after: Duration)
        case missed(String)
    }

    /// What a change of a participant's attributes does to those that it does not name.
    public enum AttributeChange: String, Sendable {
        case merges, replaces
    }

    /// What becomes of a message that follows a conversation's end.
    public enum FollowUp: String, Sendable {
        case refused, reconnects
        /// Taken, and the conversation stays at its end.
        case ignored
    }

    public var organization: String
    public var provider: String
    public var measuredAt: Timestamp
    public var sources: [LookUpSource: Measurement] = [:]
    /// Of a conversation's first participant: `customer` or `external`.
    public var purpose: String?
    public var attributeChange: AttributeChange?
    public var followUp: FollowUp?
    /// Those of `platform.api`, by their keys.
    public var limits: [String: Int] = [:]
    /// The probe's own conversation, if it could not be ended.
    public var leftOpen: String?

    public init(organization: String, provider: String, measuredAt: Timestamp) {
        self.organization = organization
        self.provider = provider
        self.measuredAt = measuredAt
    }

    /// The sources that have shown a conversation of this provider in this organisation.
    func measured(for organization: String, provider: String) -> Set<LookUpSource> {
        guard organization == self.organization, provider == self.provider else { return [] }
        return Set(
            sources.compactMap { source, measurement in
                if case .shown = measurement { source } else { nil }
            })
    }
}

// MARK: - As a file

extension Findings {
    /// `nil` if there is no such file, or it is not to be read.
    public init?(at path: String) {
        guard let data = FileManager.default.contents(atPath: path),
            let json = try? JSON(parsing: data), let findings = Findings(json)
        else { return nil }
        self = findings
    }

    /// Replaces the file at once and as a whole; everybody may read it, for the check may be run by
    /// another user than the bridge.
    public func write(to path: String) throws {
        try Data(json.bytes).write(to: URL(filePath: path), options: .atomic)
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
    }

    init?(_ json: JSON) {
        guard let organization = json["organization"]?.string,
            let provider = json["provider"]?.string,
            let measuredAt = json["measuredAt"]?.integer
        else { return nil }
        self.init(
            organization: organization, provider: provider,
            measuredAt: Timestamp(milliseconds: Int64(measuredAt)))
        for source in LookUpSource.allCases {
            sources[source] = json["sources"]?[source.rawValue].flatMap(Measurement.init)
        }
        purpose = json["purpose"]?.string
        attributeChange = json["attributeChange"]?.string.flatMap(AttributeChange.init)
        followUp = json["followUp"]?.string.flatMap(FollowUp.init)
        if case .object(let members) = json["limits"] {
            for member in members { limits[member.name] = member.value.integer }
        }
        leftOpen = json["leftOpen"]?.string
    }

    var json: JSON {
        JSON(members: [
            ("organization", .string(organization)),
            ("provider", .string(provider)),
            ("measuredAt", JSON(measuredAt.milliseconds)),
            ("sources", .sorted(sources.map { ($0.rawValue, $1.json) })),
            ("purpose", JSON(purpose)),
            ("attributeChange", JSON(attributeChange?.rawValue)),
            ("followUp", JSON(followUp?.rawValue)),
            ("limits", .sorted(limits.map { ($0, JSON($1)) })),
            ("leftOpen", JSON(leftOpen)),
        ])
    }
}

extension Findings.Measurement {
    fileprivate init?(_ json: JSON) {
        if let milliseconds = json["shownAfter"]?.integer {
            self = .shown(after: .milliseconds(milliseconds))
        } else if let reason = json["missed"]?.string {
            self = .missed(reason)
        } else {
            return nil
        }
    }

    fileprivate var json: JSON {
        switch self {
        case .shown(let duration): ["shownAfter": JSON(duration.milliseconds)]
        case .missed(let reason): ["missed": .string(reason)]
        }
    }
}

extension JSON {
    fileprivate static func sorted(_ members: [(String, JSON)]) -> JSON {
        JSON(members: members.sorted { $0.0 < $1.0 })
    }
}
