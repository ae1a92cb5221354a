import Outbox
import Testing

/// A token bucket against a server that counts calls in windows, in a time that is only reckoned.
struct QuotaTests {
    @Test func usesAWindowWholeAndIsNeverRefused() {
        var course = Course()
        course.run(for: .seconds(400))
        #expect(course.refused == 0)
        #expect(course.fullWindows.count >= 15)
        #expect(course.fullWindows.allSatisfy { $0 >= 97 })
    }

    @Test func adaptsWithinTwoWindowsToAnotherWhoTakesHalf() {
        var course = Course()
        course.run(for: .seconds(100))
        course.othersEvery = .milliseconds(400)
        course.run(for: .seconds(45))
        let before = course.refused
        let windows = course.windows.count
        course.run(for: .seconds(400))
        #expect(course.windows.count >= windows + 15)
        // Now and then the other takes the very last one while ours is on its way.
        #expect(course.refused - before <= 6)
        #expect(course.fullWindows.suffix(15).allSatisfy { $0 >= 93 })
    }
}

/// Calls arrive after 25 ms and are answered after 50 ms; the limit is 100 in 20 s.
private struct Course {
    private static let latency = Duration.milliseconds(25)

    var bucket = TokenBucket(perMinute: 300, at: .zero)
    /// How often another client calls.
    var othersEvery: Duration?
    private(set) var windows: [Int] = []
    private(set) var refused = 0
    private var now = Duration.zero
    private var windowEnd = Duration.zero
    private var nextOther = Duration.zero
    private var arriving: [Duration] = []
    private var answers: [(at: Duration, Quota, isRefusal: Bool)] = []

    /// Those that have ended.
    var fullWindows: [Int] { Array(windows.dropLast()) }

    mutating func run(for time: Duration) {
        let end = now + time
        nextOther = max(nextOther, now)
        while now < end {
            if let othersEvery, nextOther <= now {
                _ = count()
                nextOther += othersEvery
            }
            while let first = arriving.first, first <= now {
                arriving.removeFirst()
                answer()
            }
            while let first = answers.first, first.at <= now {
                answers.removeFirst()
                if first.isRefusal { bucket.close(until: now + first.1.resetsAfter) }
                bucket.finish(first.1, at: now)
            }
            if bucket.take(1, at: now).taken == 1 { arriving.append(now + Self.latency) }
            now += .milliseconds(5)
        }
    }

    /// Counts a call as the server does, and says whether it is one too many.
    private mutating func count() -> Bool {
        if now >= windowEnd {
            windowEnd = now + .seconds(20)
            windows.append(0)
        }
        let isRefusal = windows[windows.count - 1] >= 100
        if !isRefusal { windows[windows.count - 1] += 1 }
        return isRefusal
    }

    private mutating func answer() {
        let isRefusal = count()
        if isRefusal { refused += 1 }
        let reset = Duration.seconds((windowEnd - now).seconds.rounded(.up))
        let quota = Quota(used: windows[windows.count - 1], allowed: 100, resetsAfter: reset)
        answers.append((now + Self.latency, quota, isRefusal))
    }
}
