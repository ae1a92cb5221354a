import HTTPTypes

extension Operation {
    private static let participant = "/api/v2/conversations/emails/{}/participants/{}"

    /// What conversations can be closed with, and were.
    static let wrapupCodes = [
        Operation(.get, "\(participant)/wrapup", perform: assigned),
        Operation(.get, "\(participant)/communications/{}/wrapup", perform: assigned),
        Operation(.get, "\(participant)/wrapupcodes") {
            organization, admitted throws(APIError) in
            _ = try organization.participant(admitted)
            return .json(organization.settings.wrapupCodes.map(Reference.wrapupCode))
        },
        Operation(
            .get, "/api/v2/routing/queues/{}/wrapupcodes", permissions: ["routing:queue:view"]
        ) { organization, admitted throws(APIError) in
            _ = try organization.queue(admitted.parameters[0])
            return .json(
                try WrapupCodes(organization.settings.wrapupCodes, admitted))
        },
    ]

    private static let assigned: Perform = { organization, admitted throws(APIError) in
        let participant = try organization.participant(admitted)
        let communication = admitted.parameters.dropFirst(2).first
        guard communication == nil || communication == participant.session.text,
            let wrapup = participant.afterWork.wrapup
        else { throw .notFound }
        return .json(AssignedWrapupCode(wrapup))
    }
}

/// A page of a `WrapupCodeEntityListing`.
private struct WrapupCodes: Encodable {
    let entities: [Reference]
    let pageSize: Int
    let pageNumber: Int
    let total: Int
    let pageCount: Int
    let selfUri: String

    init(_ codes: [Sandbox.Named], _ admitted: AdmittedCall) throws(APIError) {
        func number(_ name: String, or fallback: Int, upTo maximum: Int) throws(APIError) -> Int {
            guard let text = admitted.call.query(name) else { return fallback }
            guard let number = Int(text), (1...maximum).contains(number) else {
                throw .badRequest("\(name): from 1 to \(maximum).", field: name)
            }
            return number
        }
        let name = admitted.call.query("name")
        let found = codes.filter { name == nil || $0.name == name }
        pageSize = try number("pageSize", or: 25, upTo: 100)
        pageNumber = try number("pageNumber", or: 1, upTo: 1000)
        total = found.count
        pageCount = max(1, (found.count + pageSize - 1) / pageSize)
        entities = found.dropFirst((pageNumber - 1) * pageSize).prefix(pageSize)
            .map(Reference.wrapupCode)
        selfUri = admitted.call.target
    }
}

extension Reference {
    fileprivate static func wrapupCode(_ code: Sandbox.Named) -> Reference {
        Reference(
            id: code.id, name: code.name, selfUri: "/api/v2/routing/wrapupcodes/\(code.id)")
    }
}
