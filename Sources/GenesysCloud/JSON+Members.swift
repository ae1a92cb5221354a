import ExactJSON

extension JSON {
    /// An object of members that are put together one by one.
    init(members: [(String, JSON)]) {
        self = .object(members.map { Member($0.0, $0.1) })
    }
}
