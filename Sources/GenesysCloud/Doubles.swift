import ExactJSON
import Outbox

/// Keeps the first of an entry's conversations, and ends the others that no agent has.
struct Doubles: Sendable {
    let client: GenesysClient
    let provider: String

    /// - Parameter traces: at least one, the oldest first.
    func settled(_ traces: [Trace], marker: String) async -> Sighting {
        var fates: [String] = []
        for younger in traces.dropFirst() {
            fates.append("\(younger.id), which \(await fate(of: younger.id, marker: marker))")
        }
        return .found(
            reference: traces[0].id,
            note: fates.isEmpty ? nil : "also as \(fates.joined(separator: ", and as "))")
    }

    /// Looks afresh, since what the search showed may be minutes old.
    private func fate(of id: String, marker: String) async -> String {
        do throws(CallError) {
            let answer = try await client.call(
                .conversation, "GET", "/api/v2/conversations/\(id)")
            guard answer.status == 200, let body = answer.body else {
                return "could not be read: left (\(answer.complaint))"
            }
            let conversation = LiveConversation(body)
            guard !conversation.hasEnded else { return "has ended" }
            guard conversation.sender(provider)?["attributes"]?["bridge.key"]?.string == marker
            else {
                return "no longer bears the marker: left"
            }
            guard !conversation.isWithAgent else { return "an agent has: left" }
            let end = try await client.call(
                .conversation, "PATCH", "/api/v2/conversations/emails/\(id)",
                ["state": "disconnected"])
            guard end.status == 200 else {
                return "could not be disconnected (\(end.complaint))"
            }
            return "was disconnected"
        } catch {
            return "could not be disconnected (\(error.reason))"
        }
    }
}
