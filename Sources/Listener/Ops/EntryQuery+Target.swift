import HTTPTypes
import Outbox

extension EntryQuery {
    /// Reads `?state=&thread=&q=&after=&limit=`; a name without a value counts as left out.
    init(_ target: Target) throws(Problem) {
        func value(_ name: String) -> String? { target[name].flatMap { $0.isEmpty ? nil : $0 } }
        self.init(thread: value("thread").map { ThreadKey($0) }, text: value("q"))
        if let name = value("state") {
            guard let state = EntryState(name) else {
                let states = EntryState.allCases.map(\.description).joined(separator: ", ")
                throw Problem(.badRequest, "state has to be one of \(states)", field: "state")
            }
            self.state = state
        }
        if let text = value("after") {
            guard let id = EntryID(text) else {
                throw Problem(.badRequest, "after has to be an entry's id", field: "after")
            }
            after = id
        }
        if let text = value("limit") {
            guard let number = Int(text), (1...500).contains(number) else {
                throw Problem(.badRequest, "limit has to be 1 to 500", field: "limit")
            }
            limit = number
        }
    }

    /// The address of the page behind `last`.
    func address(after last: EntryID) -> String {
        let pairs = [
            ("state", state?.description), ("thread", thread?.description), ("q", text),
            ("after", last.description), ("limit", String(limit)),
        ]
        return "/outbox?"
            + pairs.compactMap { name, value in value.map { "\(name)=\($0.percentEncoded)" } }
            .joined(separator: "&")
    }
}
