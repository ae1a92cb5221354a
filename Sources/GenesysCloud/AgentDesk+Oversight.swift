import ExactJSON
public import Outbox

extension AgentDesk: Oversight {
    /// No limit is published of how many may be asked for at once; addresses stay below 2 KiB with these.
    private static let mostAtOnce = 50

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

    public func sees(queue: String, _ agent: AgentAccess) async throws(ParticipationError) -> Bool {
        guard queue.isPlainID else { return false }
        do throws(ParticipationError) {
            _ = try await call(agent, "GET", "/api/v2/routing/queues/\(queue)")
            return true
        } catch .notPermitted, .notParticipant {
            return false
        }
    }
}
