import TestSupport
import Testing

@Suite(.timeLimit(.minutes(15)))
struct SQLiteOutboxTests {
    @Test(arguments: StoreBehaviour.all)
    func behavesAsEveryStore(_ behaviour: StoreBehaviour) async throws {
        try await withStore(behaviour.aftercare) { store, clock, _ in
            try await behaviour.check(Workbench(store, clock))
        }
    }
}
