/// What the desk shows an agent.
struct DeskState: Encodable {
    struct Interaction: Encodable {
        let id: String
        let subject: String?
        let customer: String?
        let queue: String?
        /// That of the agent's own side: `alerting`, `connected`, `parked` or `disconnected`.
        let state: String
        /// When that side began, in ISO 8601.
        let since: String
        /// Whether it is to be closed with a code when it is over.
        let needsWrapUp: Bool
        /// The address of the widget, filled in.
        let widget: String

        /// `nil` if the agent has nothing to do about it.
        init?(_ record: ConversationRecord, for agent: Sandbox.Agent, widget: String) {
            guard record.isActive(for: agent),
                let side = record.participants.last(where: { $0.agent == agent.id })
            else { return nil }
            id = record.id.text
            subject = record.request.subject
            customer = record.participants[0].name ?? record.participants[0].address
            queue = side.queue?.name
            state = side.state.rawValue
            since = side.connected ?? side.started
            needsWrapUp = side.afterWork.isPending
            self.widget = widget
        }
    }

    let agent: Sandbox.Named
    /// Those that something can be handed to.
    let agents: [Sandbox.Named]
    let queues: [Sandbox.Named]
    let wrapupCodes: [Sandbox.Named]
    /// Oldest first.
    let interactions: [Interaction]
    /// Where the widgets come from.
    let widgetOrigin: String?
    /// The address of the supervisor's app, filled in.
    let supervisor: String
}
