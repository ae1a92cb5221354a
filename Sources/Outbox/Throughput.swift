/// How many deliveries ended within the last minute, by the second.
struct Throughput: Sendable {
    private var seconds = [(second: Int64, count: Int)](repeating: (-1, 0), count: 60)

    mutating func count(at uptime: Duration) {
        let second = uptime.components.seconds
        let place = Int(second % 60)
        if seconds[place].second != second { seconds[place] = (second, 0) }
        seconds[place].count += 1
    }

    func lastMinute(at uptime: Duration) -> Int {
        let now = uptime.components.seconds
        return seconds.filter { $0.second > now - 60 && $0.second >= 0 }.reduce(0) { $0 + $1.count }
    }
}
