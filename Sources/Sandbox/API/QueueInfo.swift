/// What `/routing/queues/{id}` answers, a `Queue`.
struct QueueInfo: Encodable {
    struct Libraries: Encodable {
        let mode: String
        let libraryIds: [String]?
    }

    struct Address: Encodable {
        let domain: Reference
        let route: OutboundRoute
    }

    let id: String
    let name: String
    let division: Reference
    let cannedResponseLibraries: Libraries
    let outboundEmailAddress: Address?
    let selfUri: String

    init(_ queue: Sandbox.Queue, expandsRoute: Bool) {
        id = queue.id
        name = queue.name
        division = .division(queue.division)
        cannedResponseLibraries = Libraries(
            mode: queue.libraryMode.rawValue,
            libraryIds: queue.libraryMode == .selectedOnly ? queue.libraries : nil)
        outboundEmailAddress = OutboundRoute(queue).map { route in
            Address(
                domain: Reference(
                    id: route.domain, selfUri: "/api/v2/routing/email/domains/\(route.domain)"),
                route: expandsRoute ? route : route.bare)
        }
        selfUri = "/api/v2/routing/queues/\(queue.id)"
    }
}

/// The route of the address that a queue sends from, an `InboundRoute`.
struct OutboundRoute: Encodable {
    let domain: String
    let id: String
    /// The mailbox, the address without its domain.
    private(set) var pattern: String?
    private(set) var fromName: String?
    private(set) var fromEmail: String?
    let selfUri: String

    private enum CodingKeys: String, CodingKey {
        case id, pattern, fromName, fromEmail, selfUri
    }

    /// `nil` if the queue sends from none.
    init?(_ queue: Sandbox.Queue) {
        guard let route = queue.outboundRoute else { return nil }
        domain = route.domain
        id = queue.id
        pattern = route.mailbox
        fromName = queue.name
        fromEmail = queue.outboundAddress
        selfUri = "/api/v2/routing/email/domains/\(domain)/routes/\(id)"
    }

    /// The same where nothing of it is told but its id.
    var bare: OutboundRoute {
        var bare = self
        bare.pattern = nil
        bare.fromName = nil
        bare.fromEmail = nil
        return bare
    }
}
