/// What is wrong with one field of a message, for the person who builds what sends it.
public struct FieldError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The way to the field, such as `order.items[3].sku`; empty for the whole.
    public let field: String
    /// What is wrong and what would be right; never the customer's text.
    public let problem: String

    public init(field: String, problem: String) {
        self.field = field
        self.problem = problem
    }

    public var description: String { field.isEmpty ? problem : "\(field) \(problem)" }
}
