import ExactJSON

/// Where roles grant a permission.
struct Divisions: Sendable, Equatable {
    static let none = Divisions(ids: [], isEverywhere: false)

    private let ids: Set<String>
    private let isEverywhere: Bool

    private init(ids: Set<String>, isEverywhere: Bool) {
        self.ids = ids
        self.isEverywhere = isEverywhere
    }

    /// The shape of a `DivsPermittedEntityListing`.
    init?(_ json: JSON?) {
        guard let entities = json?["entities"]?.array else { return nil }
        self.init(
            ids: Set(entities.compactMap { $0["id"]?.string }),
            isEverywhere: json?["allDivsPermitted"] == .bool(true))
    }

    func contains(anyOf divisions: some Sequence<String>) -> Bool {
        isEverywhere || divisions.contains(where: ids.contains)
    }
}

extension JSON {
    /// The ids of a conversation's divisions, each of which comes with what of the conversation is in it.
    var divisions: [String] {
        self["divisions"]?.array?.compactMap { $0["division"]?["id"]?.string } ?? []
    }
}
