/// What the sandbox's owner does to it, in Swift or over HTTP.
struct Control: Sendable {
    let organization: Organization
    let socket: ListeningSocket

    /// Plans faults; those for now strike at once.
    func plan(_ faults: [Sandbox.Fault]) async {
        await organization.plan(faults.filter { $0.on != .now })
        for fault in faults where fault.on == .now {
            if fault.action == .refuse {
                await socket.refuse(for: fault.time)
            }
            if fault.action == .reset || fault.resetsConnections {
                socket.connections.reset()
            }
        }
    }

    /// Drops all faults, lets held calls go on, and listens again if connections were refused.
    func clearFaults() async throws {
        await organization.clearFaults()
        try await socket.open()
    }

    /// Puts everything back to where it was at the start.
    func forget() async throws {
        await organization.forget()
        try await socket.open()
    }
}
