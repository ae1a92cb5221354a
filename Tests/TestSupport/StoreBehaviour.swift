public import Testing

/// One thing that every store does, whatever it is made of.
public struct StoreBehaviour: Sendable, CustomTestStringConvertible {
    public let testDescription: String
    public let check: @Sendable (Workbench) async throws -> Void

    init(_ description: String, _ check: @escaping @Sendable (Workbench) async throws -> Void) {
        testDescription = description
        self.check = check
    }

    public static let all =
        intake + lanes + settlements + doubts + looks + operations + retention + readings
}
