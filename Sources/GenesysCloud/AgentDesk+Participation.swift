import ExactJSON
public import Outbox

extension AgentDesk: Participation {
    public func part(
        of agent: AgentAccess, in conversation: String
    ) async throws(ParticipationError) -> AgentPart {
        guard conversation.isPlainID else { throw .notParticipant }
        var isNamed = false
        do throws(ParticipationError) {
            let shown = try await read(conversation, as: agent)
            if let side = shown.side(of: agent.agent) {
                var part = AgentPart(side, in: shown)
                // Whoever has it needs no such right, and is not to wait for a word about it.
                if part.kind == .ended {
                    part.supervises = await supervises(shown.divisions, agent)
                }
                return part
            }
            isNamed = shown.names(agent.agent)
        } catch .notParticipant, .notPermitted, .refused {
            // Whoever takes no part may still be shown it.
        }
        return try await onlooking(conversation, as: agent, isNamed: isNamed)
    }

    public func wrapUpCodes(
        of conversation: String, as agent: AgentAccess
    ) async throws(ParticipationError) -> [WrapUp] {
        let side = try await ownSide(in: conversation, of: agent)
        let path = "\(Self.path(conversation, side))/wrapupcodes"
        let answer = try await call(agent, "GET", path)
        guard let codes = answer.body?.array else {
            throw .unavailable("the wrap-up codes came in no list")
        }
        return codes.compactMap { code in
            code["id"]?.string.map { WrapUp(code: $0, name: code["name"]?.string) }
        }
    }

    public func finish(
        _ conversation: String, as agent: AgentAccess, wrapUp: WrapUp?
    ) async throws(ParticipationError) {
        let side = try await ownSide(in: conversation, of: agent)
        guard let change = try Self.change(of: side, wrapUp) else { return }
        _ = try await call(agent, "PATCH", Self.path(conversation, side), change)
    }

    /// Asks for `conversation:communication:view` in the conversation's division, unlike the reading of one's own.
    ///
    /// Genesys shows a conversation to all whom it names as participants, so that whoever it once rang at needs
    /// that permission besides.
    private func onlooking(
        _ conversation: String, as agent: AgentAccess, isNamed: Bool
    ) async throws(ParticipationError) -> AgentPart {
        if isNamed, !agent.permissions.contains(AgentAccess.oversight) { throw .notParticipant }
        do throws(ParticipationError) {
            let answer = try await call(agent, "GET", "/api/v2/conversations/\(conversation)")
            guard let shown = answer.body.flatMap(ConversationSnapshot.init(general:)) else {
                throw .unavailable("the conversation came without an id or participants")
            }
            if isNamed || shown.names(agent.agent) {
                let mayLookOn = try await holds(AgentAccess.oversight, in: shown.divisions, agent)
                guard mayLookOn else { throw .notParticipant }
            }
            return AgentPart(
                .onlooker, queue: shown.queue,
                supervises: await supervises(shown.divisions, agent))
        } catch .notPermitted, .refused {
            throw .notParticipant
        }
    }

    private func ownSide(
        in conversation: String, of agent: AgentAccess
    ) async throws(ParticipationError) -> ConversationSnapshot.Side {
        guard conversation.isPlainID else { throw .notParticipant }
        let shown = try await read(conversation, as: agent)
        if let side = shown.side(of: agent.agent) { return side }
        throw shown.names(agent.agent) ? .ended : .notParticipant
    }

    private func read(
        _ conversation: String, as agent: AgentAccess
    ) async throws(ParticipationError) -> ConversationSnapshot {
        let answer = try await call(agent, "GET", "/api/v2/conversations/emails/\(conversation)")
        guard let shown = answer.body.flatMap(ConversationSnapshot.init(email:)) else {
            throw .unavailable("the conversation came without an id or participants")
        }
        return shown
    }

    private static func path(_ conversation: String, _ side: ConversationSnapshot.Side) -> String {
        "/api/v2/conversations/emails/\(conversation)/participants/\(side.id ?? "")"
    }

    /// - Returns: `nil` if all of it has been done before.
    private static func change(
        of side: ConversationSnapshot.Side, _ wrapUp: WrapUp?
    ) throws(ParticipationError) -> JSON? {
        guard side.state != .alerting else { throw .notAccepted }
        let lacksCode = side.requiresWrapUp && side.wrapUp == nil
        guard let wrapUp else {
            if lacksCode { throw .wrapUpRequired }
            if side.isOver { throw .ended }
            return ["state": "disconnected"]
        }
        guard side.isOver else { return ["state": "disconnected", "wrapup": wrapUp.json] }
        return side.wrapUp?.code == wrapUp.code ? nil : ["wrapup": wrapUp.json]
    }
}

extension ConversationSnapshot {
    /// The agent's part: the newest that is open, else the last that they ever had.
    ///
    /// An agent who gets a conversation back has another part in it; what rang and was not taken is none.
    fileprivate func side(of agent: Agent) -> Side? {
        let own = sides.filter { $0.agent?.id == agent.id && $0.id?.isPlainID == true }
        return own.filter { !$0.isOver && $0.state != .idle }.newest(by: \.startedAt)
            ?? own.filter { $0.connectedAt != nil }.newest(by: \.startedAt)
    }

    /// The ids of the agents who have it now.
    fileprivate var holders: Set<String> {
        Set(sides.filter { [.connected, .parked].contains($0.state) }.compactMap(\.agent?.id))
    }

    /// Whether the agent is one of its participants, if only because it rang at them.
    fileprivate func names(_ agent: Agent) -> Bool { sides.contains { $0.agent?.id == agent.id } }
}

extension AgentPart {
    fileprivate init(_ side: ConversationSnapshot.Side, in shown: ConversationSnapshot) {
        let kind: Kind =
            switch side.state {
            case .alerting: .alerting
            case .connected, .parked: .connected
            case .idle, .over: .ended
            }
        self.init(
            kind, queue: side.queue ?? shown.queue, requiresWrapUp: side.requiresWrapUp,
            wrapUp: side.wrapUp,
            colleagues: shown.holders.subtracting([side.agent?.id].compactMap { $0 }))
    }
}

extension WrapUp {
    /// A `WrapupInput`.
    fileprivate var json: JSON {
        var members: [(String, JSON)] = [("code", .string(code))]
        if let name { members.append(("name", .string(name))) }
        if let notes { members.append(("notes", .string(notes))) }
        return JSON(members: members)
    }
}
