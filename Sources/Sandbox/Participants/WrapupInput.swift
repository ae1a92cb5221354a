import Foundation

/// A wrap-up code as an agent gives it.
struct WrapupInput: Decodable {
    let code: String?
    let name: String?
    let notes: String?
    let tags: [String]
    let durationSeconds: Int?
    let endTime: String?
    let provisional: Bool

    private enum CodingKeys: String, CodingKey {
        case code, name, notes, tags, durationSeconds, endTime, provisional, disableEndTimeUpdates
    }

    init(from decoder: any Decoder) throws {
        let object = try decoder.closedObject(CodingKeys.self)
        code = try object.decodeIfPresent(String.self, forKey: .code)
        name = try object.decodeIfPresent(String.self, forKey: .name)
        notes = try object.decodeIfPresent(String.self, forKey: .notes)
        tags = try object.decodeIfPresent([String].self, forKey: .tags) ?? []
        durationSeconds = try object.decodeIfPresent(Int.self, forKey: .durationSeconds)
        endTime = try object.decodeTimeIfPresent(forKey: .endTime)
        provisional = try object.decodeIfPresent(Bool.self, forKey: .provisional) ?? false
        // Checked, but of no use: the end of what was closed never moves here.
        _ = try object.decodeIfPresent(Bool.self, forKey: .disableEndTimeUpdates)
    }

    /// What is kept of it; the code has to be one that there is.
    func wrapup(of codes: [Sandbox.Named], at now: Date) throws(APIError) -> Wrapup {
        guard let code, !code.isEmpty else { throw .wrapupCodeRequired }
        guard let known = codes.first(where: { $0.id == code }) else {
            throw .badRequest("wrapup.code: no such code.", field: "wrapup.code")
        }
        return Wrapup(
            code: code, name: name ?? known.name, notes: notes, tags: tags,
            durationSeconds: durationSeconds, endTime: endTime ?? now.apiText,
            provisional: provisional)
    }
}

extension APIError {
    static let wrapupCodeRequired = badRequest(
        "Wrapup code is a required field and cannot be empty.",
        code: "conversation.error.wrapup.code.required")
}
