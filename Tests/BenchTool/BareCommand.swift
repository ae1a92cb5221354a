import ArgumentParser
import Foundation
import Logging
import SQLiteOutbox

struct BareCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bare",
        abstract: "Writes the rows of accepts by SQLite's own functions, 64 to a commit.")

    @Option(help: "A store that the bridge has made; made here where there is none.")
    var store: String

    @OptionGroup
    var sample: SampleOptions

    func run() async throws {
        try await SQLiteOutbox.open(at: store, logger: Logger(label: "bench")).close()
        let rows = try sample.rows(sample.numbers)
        let outbox = BareOutbox(store, isDurable: true)
        let usage = Usage()
        outbox.accept(rows, toACommit: 64, from: Int64(Date().timeIntervalSince1970 * 1000))
        Report.write(usage.figures.merging(["count": sample.count]) { $1 })
    }
}

/// What the process has used since this was made.
struct Usage {
    private let start = ContinuousClock.now
    private let processorStart = processorSeconds()
    private let writtenStart = bytesWritten()

    var figures: [String: Any] {
        [
            "seconds": (ContinuousClock.now - start).microseconds / 1e6,
            "cpu": processorSeconds() - processorStart,
            "written": bytesWritten() - writtenStart,
        ]
    }
}

/// What went to the disk, or is to go there.
private func bytesWritten() -> Int {
    let lines = (try? String(contentsOfFile: "/proc/self/io", encoding: .utf8)) ?? ""
    let line = lines.split(separator: "\n").first { $0.hasPrefix("write_bytes: ") }
    return line.flatMap { Int($0.dropFirst("write_bytes: ".count)) } ?? 0
}

private func processorSeconds() -> Double {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return [usage.ru_utime, usage.ru_stime]
        .reduce(0) { $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1e6 }
}
