#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

extension Environment {
    /// The machine's clocks, timers and random numbers.
    public static let live = Environment(
        now: { Timestamp(milliseconds: read(CLOCK_REALTIME).milliseconds) },
        uptime: { read(CLOCK_MONOTONIC) },
        chance: { .random(in: 0..<1) },
        alarm: { DispatchAlarm(ring: $0) })
}

private func read(_ clock: clockid_t) -> Duration {
    var time = timespec()
    clock_gettime(clock, &time)
    return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
}
