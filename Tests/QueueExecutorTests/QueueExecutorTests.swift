import Dispatch
import QueueExecutor
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(15)))
struct QueueExecutorTests {
    private actor Counter {
        nonisolated let executor = QueueExecutor(label: "counter")
        nonisolated var unownedExecutor: UnownedSerialExecutor {
            executor.asUnownedSerialExecutor()
        }
        private(set) var count = 0

        func add() {
            dispatchPrecondition(condition: .onQueue(executor.queue))
            count += 1
        }
    }

    @Test func anActorRunsOnTheQueueOneJobAtATime() async {
        let counter = Counter()
        await withTaskGroup { group in
            for _ in 0..<1000 { group.addTask { await counter.add() } }
        }
        #expect(await counter.count == 1000)
    }

    @Test func aBlockOnTheQueueMayEnterTheActor() async {
        let counter = Counter()
        counter.executor.queue.async { counter.assumeIsolated { $0.add() } }
        await counter.executor.answers()
        #expect(await counter.count == 1)
    }

    @Test func aQueueAnswersOnlyWhenItMoves() async {
        let executor = QueueExecutor(label: "stalled")
        let never = DispatchSemaphore(value: 0)
        let moved = Atomic(false)
        executor.queue.async {
            _ = never.wait(timeout: .now() + .milliseconds(50))
            moved.store(true, ordering: .relaxed)
        }
        await executor.answers()
        let hasMoved = moved.load(ordering: .relaxed)
        #expect(hasMoved)
    }
}
