/// A link to something with an id, as the API writes it.
struct Reference: Encodable {
    let id: String
    var name: String?
    var selfUri: String?

    static func queue(_ id: String) -> Reference {
        Reference(id: id, selfUri: "/api/v2/routing/queues/\(id)")
    }

    static func user(_ id: String, _ name: String?) -> Reference {
        Reference(id: id, name: name, selfUri: "/api/v2/users/\(id)")
    }
}
