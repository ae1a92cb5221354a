import TestSupport
import Testing

@Suite(.timeLimit(.minutes(15)))
struct MemoryOutboxTests {
    @Test(arguments: StoreBehaviour.all)
    func behavesAsEveryStore(_ behaviour: StoreBehaviour) async throws {
        let clock = ManualClock()
        try await behaviour.check(
            Workbench(MemoryOutbox(clock.environment, behaviour.aftercare), clock))
    }
}
