import HTTPTypes
import Outbox

/// What tells a post from the repeat of another.
struct Repetition {
    let key: IdempotencyKey
    /// The header or member that gave it.
    let field: String

    /// Looks at `webhook-id`, then `Idempotency-Key`, then the body's `id`; `nil` where there is none.
    init?(_ fields: HTTPFields, bodyID: String?) throws(Problem) {
        if let id = fields.value(.webhookID), let other = fields.value(.svixID), id != other {
            throw Problem(.badRequest, "svix-id is not the same as webhook-id", field: "svix-id")
        }
        for name in [HTTPField.Name.webhookID, .svixID, .idempotencyKey] where fields.contains(name)
        {
            let value = fields.single(name)
            let key = name == .idempotencyKey ? value?.unquoted : value
            guard let key, key.isKey else {
                throw Problem(
                    .badRequest,
                    "\(name.canonicalName) has to stand once, with 1 to 255 visible characters",
                    field: name.canonicalName)
            }
            self.key = IdempotencyKey(key)
            field = name.canonicalName
            return
        }
        guard let bodyID else { return nil }
        key = IdempotencyKey(bodyID)
        field = "id"
    }
}

extension String {
    /// The text of a structured field's string, or the text itself where it is bare; `nil` where a
    /// quote stands alone.
    fileprivate var unquoted: String? {
        guard hasPrefix("\"") else { return self }
        var text = ""
        var rest = dropFirst()
        while let character = rest.popFirst() {
            switch character {
            case "\"": return rest.isEmpty ? text : nil
            case "\\":
                guard let escaped = rest.popFirst(), escaped == "\"" || escaped == "\\" else {
                    return nil
                }
                text.append(escaped)
            default: text.append(character)
            }
        }
        return nil
    }
}
