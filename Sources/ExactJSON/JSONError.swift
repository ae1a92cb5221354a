/// Why bytes are not a JSON text, and where.
public struct JSONError: Error, Sendable, Equatable, CustomStringConvertible {
    /// How many bytes stand before the one that is wrong.
    public let offset: Int
    /// A clause for a person; never the text of a value.
    public let problem: String

    public init(offset: Int, problem: String) {
        self.offset = offset
        self.problem = problem
    }

    public var description: String { "\(problem), at byte \(offset)" }
}
