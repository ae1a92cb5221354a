public import Outbox
public import Testing

/// One thing that every store does, whatever it is made of.
public struct StoreBehaviour: Sendable, CustomTestStringConvertible {
    public let testDescription: String
    /// What the store is to be opened with.
    public let aftercare: Aftercare
    public let check: @Sendable (Workbench) async throws -> Void

    init(
        _ description: String, aftercare: Aftercare = Aftercare(),
        _ check: @escaping @Sendable (Workbench) async throws -> Void
    ) {
        testDescription = description
        self.aftercare = aftercare
        self.check = check
    }

    public static let all =
        intake + lanes + settlements + doubts + looks + operations + retention + readings
        + joins + conversations + answers + concerns + closings + withdrawals + drafts + files
        + pages + marks + lists + logins
}
