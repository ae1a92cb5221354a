import Foundation
import Outbox
import TestSupport
import Testing

/// The store and a simple model do the same random things and have to answer alike, also where the store
/// is closed or killed and opened again in between.
///
/// `OUTBOX_SEED` repeats one run, `OUTBOX_RUNS` makes more of them, of `OUTBOX_STEPS` steps each.
@Suite(.timeLimit(.minutes(15)))
struct RandomOperationsTests {
    @Test(.serialized, arguments: seeds)
    func theStoreDoesAsTheModel(seed: UInt64) async throws {
        let clock = ManualClock()
        var twins = try await Twins(clock, Chances(seed: seed))
        do {
            for step in 0..<steps {
                try await twins.step("seed \(seed), step \(step)")
            }
            try await twins.compareAll("seed \(seed)")
            try await twins.remove()
        } catch {
            try await twins.remove()
            throw error
        }
    }

    private static var seeds: [UInt64] {
        if let seed = setting("SEED") { return [UInt64(seed)] }
        return (0..<(setting("RUNS") ?? 4)).map { _ in .random(in: 0...999_999_999) }
    }

    private var steps: Int { Self.setting("STEPS") ?? 400 }

    private static func setting(_ name: String) -> Int? {
        ProcessInfo.processInfo.environment["OUTBOX_" + name].flatMap { Int($0) }
    }
}
