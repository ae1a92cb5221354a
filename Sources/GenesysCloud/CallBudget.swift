public import Outbox

/// How many calls a month is to have, and how many it has had.
///
/// Genesys bills calls above a fair use. Those in the background stop at a tenth of the month's; all others
/// never stop.
public struct CallBudget: Sendable {
    /// `nil` for any number.
    public var monthlyCalls: Int?
    /// The calls of this month so far.
    public var used: @Sendable () -> [CallKind: Int]
    /// Told of each call that may have reached the API.
    public var count: @Sendable (CallKind) -> Void

    public init(
        monthlyCalls: Int?, used: @escaping @Sendable () -> [CallKind: Int],
        count: @escaping @Sendable (CallKind) -> Void
    ) {
        self.monthlyCalls = monthlyCalls
        self.used = used
        self.count = count
    }

    /// For whoever makes a few calls and goes.
    public static let unlimited = CallBudget(monthlyCalls: nil, used: { [:] }, count: { _ in })

    /// Why no call of this kind is to be made; `nil` if one may be.
    func refusal(of kind: CallKind) -> String? {
        guard kind.isBackground, let monthlyCalls else { return nil }
        let made = used().filter(\.key.isBackground).values.reduce(0, +)
        guard made >= monthlyCalls / 10 else { return nil }
        return "this month's \(made) calls in the background are all that genesys.monthlyCalls "
            + "(\(monthlyCalls)) leaves them, a tenth; raise it, or settle by hand"
    }
}
