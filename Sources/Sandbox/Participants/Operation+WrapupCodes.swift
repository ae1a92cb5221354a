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
            _ = try organization.queue(admitted.parameters[0], admitted.token)
            let name = admitted.call.query("name")
            let found = organization.settings.wrapupCodes.filter { name == nil || $0.name == name }
            return .json(try Page(of: found.map(Reference.wrapupCode), admitted))
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

extension Reference {
    fileprivate static func wrapupCode(_ code: Sandbox.Named) -> Reference {
        Reference(
            id: code.id, name: code.name, selfUri: "/api/v2/routing/wrapupcodes/\(code.id)")
    }
}
