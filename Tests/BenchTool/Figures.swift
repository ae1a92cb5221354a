import Foundation
import Histogram

/// What a run has measured, written as one line of JSON.
struct Figures {
    private var latencies = Histogram<UInt64>(
        highestTrackableValue: 600_000_000, numberOfSignificantValueDigits: .three)
    private var statuses: [Int: Int] = [:]

    mutating func record(_ latency: Duration, status: Int) {
        _ = latencies.record(UInt64(max(0, latency.microseconds)))
        statuses[status, default: 0] += 1
    }

    var count: Int { statuses.values.reduce(0, +) }

    /// Latencies in microseconds.
    func report(over time: Duration, _ more: [String: Any] = [:]) {
        let figures: [String: Any] = [
            "count": count, "seconds": time.microseconds / 1e6,
            "statuses": Dictionary(uniqueKeysWithValues: statuses.map { ("\($0)", $1) }),
            "p50": latencies.valueAtPercentile(50), "p99": latencies.valueAtPercentile(99),
            "p999": latencies.valueAtPercentile(99.9), "max": latencies.max,
        ]
        Report.write(more.merging(figures) { $1 })
    }
}

enum Report {
    static func write(_ members: [String: Any]) {
        guard let data = try? JSONSerialization.data(withJSONObject: members, options: .sortedKeys)
        else { preconditionFailure("no JSON: \(members)") }
        print(String(decoding: data, as: UTF8.self))
    }
}

extension Duration {
    var microseconds: Double { self / .microseconds(1) }
}
