import Outbox
import TestSupport
import Testing

@testable import GenesysCloud

struct CacheTests {
    private let clock = ManualClock()

    @Test func forgetsWhatIsTooOld() {
        let cache = Cache<Int>(lifetime: .seconds(60), capacity: 2, environment: clock.environment)
        cache.keep(1, for: "a")
        clock.advance(by: .seconds(59))
        #expect(cache["a"] == 1)
        clock.advance(by: .seconds(1))
        #expect(cache["a"] == nil)
    }

    @Test func keepsTheNewestOfTooMany() {
        let cache = Cache<Int>(lifetime: .seconds(60), capacity: 2, environment: clock.environment)
        for (number, key) in ["a", "b", "c"].enumerated() {
            cache.keep(number, for: key)
            clock.advance(by: .seconds(1))
        }
        #expect(["a", "b", "c"].map { cache[$0] } == [nil, 1, 2])
        cache.keep(3, for: "c")
        #expect(["b", "c"].map { cache[$0] } == [1, 3])
    }
}
