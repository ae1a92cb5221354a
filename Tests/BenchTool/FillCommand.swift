import ArgumentParser
import Foundation
import Logging
import SQLiteOutbox

struct FillCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fill", abstract: "Fills a store as so many accepted messages leave it.")

    @Option(help: "The file to make.")
    var store: String

    @OptionGroup
    var sample: SampleOptions

    @Option(help: "How many days ago they came.")
    var days = 0

    @Flag(help: "As if all of them had been delivered.")
    var settled = false

    func run() async throws {
        try await SQLiteOutbox.open(at: store, logger: Logger(label: "bench")).close()
        let outbox = BareOutbox(store, isDurable: false)
        var time = Int64(Date().timeIntervalSince1970 * 1000) - Int64(days) * 86_400_000
        time -= Int64(sample.count)
        let numbers = sample.numbers
        for start in stride(from: numbers.lowerBound, to: numbers.upperBound, by: 20_000) {
            let rows = try sample.rows(start..<min(start + 20_000, numbers.upperBound))
            outbox.accept(rows, toACommit: 20_000, from: time)
            time += Int64(rows.count)
        }
        if settled { outbox.settle() }
    }
}
