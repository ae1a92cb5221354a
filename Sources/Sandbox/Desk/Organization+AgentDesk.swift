import Foundation

/// What the desk, an agent's own program, does for them.
extension Organization {
    func deskState(of agent: Sandbox.Agent, _ host: WidgetURL.Host) -> DeskState {
        let widget = WidgetURL(template: options.widgetURL)
        return DeskState(
            agent: Sandbox.Named(id: agent.id, name: agent.name),
            agents: settings.agents.filter { $0.id != agent.id }
                .map { Sandbox.Named(id: $0.id, name: $0.name) },
            queues: settings.queues.map { Sandbox.Named(id: $0.id, name: $0.name) },
            wrapupCodes: settings.wrapupCodes,
            interactions: conversations.all.compactMap { record in
                DeskState.Interaction(
                    record, for: agent,
                    widget: widget.filled(conversation: record.id.text, host))
            },
            widgetOrigin: widget.origin, supervisor: widget.filled(host))
    }

    /// Alerts an agent who is on queue with what waits longest, one at a time, and not with what they have
    /// just declined or handed over.
    func offerNext(to agent: Sandbox.Agent) {
        let alerts = conversations.all.contains { record in
            record.participants.contains { $0.agent == agent.id && $0.state == .alerting }
        }
        guard !alerts else { return }
        let next = conversations.all.first { record in
            record.waitingIndex != nil && record.agent.map(\.isOver) ?? true
                && record.division == agent.division
                && !record.wasJustLeft(by: agent)
        }
        if let next {
            _ = try? offer(next.id.text, to: agent.id)
        }
    }

    /// Asks the API as that agent, past faults, limits and the journal: those are for the bridge.
    func perform(_ action: DeskAction, as agent: Sandbox.Agent) -> Answer {
        defer { wake() }
        tick()
        let token = Token(
            name: agent.id, client: "desk", agent: agent.id, expires: .distantFuture)
        do throws(APIError) {
            let record = try readable(action.conversation, token)
            guard let side = record.participants.last(where: { $0.agent == agent.id }) else {
                throw .notActiveParticipant
            }
            let call = action.call(participant: side.id.text)
            let (operation, parameters) = try Operation.find(call)
            try operation.checkPermissions(agent.permissions)
            return try operation.perform(
                self, AdmittedCall(call: call, token: token, parameters: parameters))
        } catch {
            return error.answer(correlation: UUID().text)
        }
    }
}

extension ConversationRecord {
    fileprivate func wasJustLeft(by agent: Sandbox.Agent) -> Bool {
        guard let last = self.agent, last.agent == agent.id else { return false }
        return [.transfer, .transferNoAnswer].contains(last.disconnectType)
    }
}
