/// A JSON value whose numbers keep the text they were written with.
///
/// An order id above 2^53 or a price of `1.10` comes out as it went in: no number is ever converted on
/// the way. Members keep their order.
public enum JSON: Sendable, Equatable {
    case null
    case bool(Bool)
    /// A number by its lexeme, valid by RFC 8259: `10`, `-1.10`, `1e400`.
    case number(String)
    case string(String)
    case array([JSON])
    case object([Member])

    public struct Member: Sendable, Equatable {
        public var name: String
        public var value: JSON

        public init(_ name: String, _ value: JSON) {
            self.name = name
            self.value = value
        }
    }

    /// The value of a member; `nil` where there is no such member or this is no object.
    public subscript(name: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    /// The text of a string; `nil` for anything else.
    public var string: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    /// The value of a number that is a whole one and fits; `nil` for anything else.
    public var integer: Int? {
        guard case .number(let lexeme) = self else { return nil }
        return Int(lexeme)
    }

    /// The elements of an array; `nil` for anything else.
    public var array: [JSON]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    public init(stringLiteral text: String) { self = .string(text) }
    public init(integerLiteral number: Int) { self = .number(String(number)) }
    public init(booleanLiteral flag: Bool) { self = .bool(flag) }
    public init(arrayLiteral elements: JSON...) { self = .array(elements) }

    public init(dictionaryLiteral members: (String, JSON)...) {
        self = .object(members.map { Member($0.0, $0.1) })
    }

    public init(_ number: some BinaryInteger) { self = .number(String(number)) }

    /// A string, or null where there is none.
    public init(_ text: String?) { self = text.map(JSON.string) ?? .null }
}
