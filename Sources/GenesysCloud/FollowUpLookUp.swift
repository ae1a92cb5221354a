import ExactJSON
import Outbox

/// Looks whether messages have joined their conversation, which bears the last entry that did.
///
/// It proves both ways: nothing else writes there while their lane waits.
struct FollowUpLookUp: Sendable {
    let client: GenesysClient
    let provider: String

    /// - Returns: `nil` if it cannot tell since nobody knows of the call any more: the entry may as well have
    ///   got a conversation of its own.
    func sighting(of entry: Entry, _ joining: Look.Joining) async -> Sighting? {
        let id = joining.conversation
        do throws(CallError) {
            let answer = try await client.call(
                .conversation, "GET", "/api/v2/conversations/\(id)")
            switch answer.status {
            case 200:
                guard let sender = answer.body.map(LiveConversation.init)?.sender(provider) else {
                    return .unseen("conversation \(id) shows no side of ours")
                }
                let last = sender["attributes"]?["bridge.last"]?.string.flatMap { EntryID($0) }
                return judged(last, of: entry, joining)
            case 404:
                return joining.last.map { _ in .absent("conversation \(id) is not there any more") }
            case 408, 429, 500...:
                return .unavailable(answer.complaint)
            default:
                return .blind(answer.complaint)
            }
        } catch {
            return SearchError(error).sighting
        }
    }

    private func judged(
        _ shown: EntryID?, of entry: Entry, _ joining: Look.Joining
    ) -> Sighting? {
        let id = joining.conversation
        guard let expected = joining.last else {
            guard let shown, shown >= entry.id else { return nil }
            return .found(reference: id)
        }
        if shown == expected { return .found(reference: id) }
        let last = shown.map { "\($0)" } ?? "none"
        return .absent("conversation \(id) shows \(last) as the last that joined it")
    }
}
