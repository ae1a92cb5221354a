public import Outbox

extension RetryPolicy {
    /// For a shop's callback: at once, then as Standard Webhooks 1.0 proposes, until it has failed for three
    /// days.
    ///
    /// A repeat is safe, since its id tells the shop that it is one: what is in doubt is simply sent again.
    public static func callback(
        schedule: [Duration] = Self.callbackSchedule, lifetime: Duration = .seconds(75 * 3600)
    ) -> RetryPolicy {
        RetryPolicy(
            schedule: schedule, lifetime: lifetime,
            doubt: DoubtPolicy(lookAt: [.seconds(1)], undecided: .resend))
    }

    /// 5 s, 5 and 30 minutes, 2, 5, 10, 14, 20 and 24 hours: 75 hours together, and then daily.
    public static let callbackSchedule: [Duration] =
        [5, 300, 1800].map { .seconds($0) } + [2, 5, 10, 14, 20, 24].map { .seconds($0 * 3600) }
}

extension Gate {
    /// For a shop that wants no more (410): each hour.
    public static let callback = Gate(probing: [.seconds(3600)])
}
