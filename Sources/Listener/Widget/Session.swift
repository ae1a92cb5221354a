import Outbox

/// An agent's login in one browser.
struct Session: Sendable, Equatable {
    /// What the store keeps it under: the digest of what the browser holds.
    let key: [UInt8]
    let access: AgentAccess
    let expires: Timestamp

    var agent: Agent { access.agent }

    /// Whether the supervisor's lists are of any use to them; what these show, Genesys decides for each thread.
    var isSupervisor: Bool { access.permissions.contains(AgentAccess.oversight) }
}
