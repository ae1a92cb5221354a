import ExactJSON
public import Outbox

extension AgentDesk: Oversight {
    /// No limit is published of how many may be asked for at once; addresses stay below 2 KiB with these.
    private static let mostAtOnce = 50
    /// More are not read; of whoever may do something in all of them, that is said by itself.
    private static let mostDivisions = 100

    /// Analytics holds to divisions, and may be minutes behind: a conversation that has just begun is not shown yet.
    public func visible(
        _ conversations: [String], to agent: AgentAccess
    ) async throws(ParticipationError) -> Set<String> {
        var rest = Set(conversations.filter(\.isPlainID)).sorted()[...]
        var visible: Set<String> = []
        while !rest.isEmpty {
            let asked = rest.prefix(Self.mostAtOnce)
            rest = rest.dropFirst(Self.mostAtOnce)
            let path = "/api/v2/analytics/conversations/details?id="
            do throws(ParticipationError) {
                let answer = try await call(agent, "GET", path + asked.joined(separator: ","))
                let shown = answer.body?["conversations"]?.array ?? []
                visible.formUnion(shown.compactMap { $0["conversationId"]?.string })
            } catch .notParticipant {
                // 404: none of these.
            }
        }
        return visible.intersection(conversations)
    }

    /// A queue is shown to many who may read nothing of its conversations.
    public func part(
        of agent: AgentAccess, atQueue queue: String
    ) async throws(ParticipationError) -> AgentPart {
        guard queue.isPlainID else { throw .notParticipant }
        let division: String?
        do throws(ParticipationError) {
            let shown = try await call(agent, "GET", "/api/v2/routing/queues/\(queue)").body
            division = shown?["division"]?["id"]?.string
        } catch .notPermitted, .refused {
            throw .notParticipant
        }
        guard let division, try await holds(AgentAccess.oversight, in: [division], agent) else {
            throw .notParticipant
        }
        return AgentPart(
            .onlooker, queue: Queue(id: queue),
            supervises: await supervises([division], agent))
    }

    /// Where Genesys does not say, less is allowed, for as long as a word of it would hold.
    func supervises(_ divisions: [String], _ agent: AgentAccess) async -> Bool {
        do {
            return try await holds(AgentAccess.supervision, in: divisions, agent)
        } catch {
            self.divisions.keep(.none, for: Self.key(AgentAccess.supervision, agent))
            return false
        }
    }

    private static func key(_ permission: String, _ agent: AgentAccess) -> String {
        "\(agent.agent.id) \(permission)"
    }

    /// Whether the agent's roles grant a permission in one of these divisions.
    ///
    /// `users/me` names permissions without their divisions, and a login keeps them as they were.
    func holds(
        _ permission: String, in divisions: [String], _ agent: AgentAccess
    ) async throws(ParticipationError) -> Bool {
        guard agent.permissions.contains(permission) else { return false }
        let key = Self.key(permission, agent)
        if let kept = self.divisions[key] { return kept.contains(anyOf: divisions) }
        let path =
            "/api/v2/authorization/divisionspermitted/paged/me?pageSize=\(Self.mostDivisions)"
            + "&permission=\(permission)"
        let answer: Answer
        do throws(ParticipationError) {
            answer = try await call(agent, "GET", path)
        } catch .notPermitted(let reason) {
            warnOfScope(reason)
            throw .notPermitted(reason)
        }
        guard let found = Divisions(answer.body) else {
            throw .unavailable("the divisions came in no list")
        }
        self.divisions.keep(found, for: key)
        return found.contains(anyOf: divisions)
    }
}
