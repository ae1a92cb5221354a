import Outbox

/// The attributes of a conversation, kept within what Genesys stores and finds again.
///
/// No limit is published for third-party conversations; these are the strictest of the neighbouring
/// ones: a bot flow's 50 attributes of 256 characters, and well below the 20 KB above which the
/// attribute search forgets a conversation.
struct ParticipantData {
    static let maxKeys = 50
    static let maxCharacters = 256
    static let maxBytes = 16 * 1024

    private(set) var attributes: [Attribute] = []
    /// How many did not fit; they stay readable where the message is kept.
    private(set) var omitted = 0
    private var bytes = 0

    /// Adds a pair if there is a value and room for it; what is added first is kept.
    mutating func add(_ name: String, _ value: String?) {
        guard let value, !value.isEmpty else { return }
        let cut = value.clamped(to: Self.maxCharacters)
        let size = name.utf8.count + cut.utf8.count
        // One key is kept free to say how many were left out.
        guard attributes.count < Self.maxKeys - 1, bytes + size <= Self.maxBytes else {
            omitted += 1
            return
        }
        bytes += size
        attributes.append(Attribute(name, cut))
    }
}

extension String {
    /// The longest run of whole graphemes from the start that has at most `limit` UTF-16 units, the
    /// counting of the services behind the API.
    func clamped(to limit: Int) -> String {
        guard utf16.count > limit else { return self }
        var kept = ""
        var units = 0
        for grapheme in self {
            units += grapheme.utf16.count
            guard units <= limit else { break }
            kept.append(grapheme)
        }
        return kept
    }
}
