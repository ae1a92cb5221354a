/// Where an external message is to go, and what it says of both sides.
protocol EmailRoute {
    var queueId: String? { get }
    var flowId: String? { get }
    var provider: String { get }
    var attributes: [String: String] { get }
    var toAddress: String? { get }
    var toName: String? { get }
    var fromAddress: String? { get }
    var fromName: String? { get }
    var subject: String? { get }
}

extension EmailRoute {
    func checkSizes() throws(APIError) {
        try EmailSize.check("subject", subject, maximum: EmailSize.subject)
        try EmailSize.check("toName", toName, maximum: EmailSize.name)
        try EmailSize.check("fromName", fromName, maximum: EmailSize.name)
        try EmailSize.check("toAddress", toAddress, maximum: EmailSize.address)
        try EmailSize.check("fromAddress", fromAddress, maximum: EmailSize.address)
        try EmailSize.check(attributes: attributes)
    }

    /// The queue and the flow have to be there, and the provider has to be free to use; native mail has
    /// one of its own.
    func checkNames(in settings: Sandbox.Settings, native: Bool = false) throws(APIError) {
        if let queueId, !settings.queues.contains(where: { $0.id == queueId }) {
            throw .badRequest(
                "An invalid queue ID was specified.", code: "email.error.invalid.queue")
        }
        if let flowId, !settings.flows.contains(where: { $0.id == flowId }) {
            throw .badRequest("Invalid flow ID was specified.", code: "bad.flow.id")
        }
        guard (provider == "PureCloud Email") == native else {
            throw .badRequest(
                native
                    ? "provider: has to be PureCloud Email for OUTBOUND."
                    : "provider: reserved for native email.",
                field: "provider")
        }
    }
}

extension APIError {
    static let missingProvider = badRequest(
        "The provider property may not be null.",
        code: "postino.error.notnull.createconversationrequest.provider")
}
