import ExactJSON
import HummingbirdCore
import NIOCore
import Outbox

/// What the agents' page sent for something to be done.
struct ConversationOrder: Sendable {
    /// Room for a body of the greatest length with each character escaped.
    static let maxBody = 1 << 19

    let json: JSON

    fileprivate init(_ bytes: ByteBuffer) throws(FieldError) {
        do {
            json = try JSON(parsing: bytes.readableBytesView)
        } catch {
            throw FieldError(field: "", problem: "is no JSON: \(error)")
        }
    }

    func kind() throws(FieldError) -> AgentMessage.Kind {
        guard let kind = json["kind"]?.string.flatMap({ AgentMessage.Kind(rawValue: $0) }) else {
            throw FieldError(field: "kind", problem: "has to be answer or note")
        }
        return kind
    }

    func text(_ name: String) throws(FieldError) -> String {
        guard let text = json[name]?.string else {
            throw FieldError(field: name, problem: "has to be text")
        }
        return text
    }

    func body() throws(FieldError) -> String {
        let body = try text("body")
        guard body.unicodeScalars.count <= AgentMessage.maxBody else {
            throw FieldError(
                field: "body", problem: "is longer than \(AgentMessage.maxBody) characters")
        }
        return body
    }

    /// What the page names the order by, so that it is carried out once.
    func key() throws(FieldError) -> String {
        let key = try text("key")
        guard (1...200).contains(key.unicodeScalars.count) else {
            throw FieldError(field: "key", problem: "has to be 1 to 200 characters")
        }
        return key
    }

    /// The customer's newest message that the agent had before them; where they had none, before the first.
    func seen() throws(FieldError) -> MessageID {
        guard let value = json["seen"], value != .null else { return MessageID(rawValue: 0) }
        guard let id = value.string.flatMap({ MessageID($0) }) else {
            throw FieldError(field: "seen", problem: "has to be a message's id")
        }
        return id
    }

    func files() throws(FieldError) -> [FileID] {
        guard let value = json["files"], value != .null else { return [] }
        let all = value.array ?? [.null]
        let ids = all.compactMap { $0.string.flatMap { FileID($0) } }
        let most = AgentMessage.maxAttachments
        guard ids.count == all.count, Set(ids).count == ids.count, ids.count <= most else {
            throw FieldError(field: "files", problem: "has to be at most \(most) ids of files")
        }
        return ids
    }

    func wrapUp() throws(FieldError) -> WrapUp? {
        guard let value = json["wrap_up"], value != .null else { return nil }
        guard let code = value["code"]?.string, (1...200).contains(code.utf8.count) else {
            throw FieldError(field: "wrap_up.code", problem: "is missing")
        }
        let notes = value["notes"]?.string
        guard (notes ?? "").unicodeScalars.count <= 4000 else {
            throw FieldError(field: "wrap_up.notes", problem: "is longer than 4000 characters")
        }
        return WrapUp(code: code, name: value["name"]?.string, notes: notes)
    }
}

extension Call {
    func order() async throws -> ConversationOrder {
        try request.headers.checkJSON()
        return try ConversationOrder(try await body(upTo: ConversationOrder.maxBody))
    }
}
