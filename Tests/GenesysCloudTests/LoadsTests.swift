import Outbox
import Synchronization
import TestSupport
import Testing

@testable import GenesysCloud

@Suite(.timeLimit(.minutes(15)))
struct LoadsTests {
    private let clock = ManualClock()

    @Test func oneLoadIsForAllWhoAskMeanwhile() async throws {
        let source = Source()
        let loads = loads()
        let askers = (0..<3).map { _ in Task { try await loads.value(of: "a", source.load) } }
        await source.begun()
        source.end(.success(7))
        for asker in askers { #expect(try await asker.value == 7) }
        #expect(source.count == 1)
    }

    @Test func whoLeavesEndsItForNobody() async throws {
        let source = Source()
        let loads = loads()
        let first = Task { try await loads.value(of: "a", source.load) }
        await source.begun()
        let second = Task { try await loads.value(of: "a", source.load) }
        first.cancel()
        source.end(.success(7))
        #expect(try await second.value == 7)
        #expect(try await loads.value(of: "a", source.load) == 7)
        #expect(source.count == 1)
    }

    @Test func aMinuteBeginsWithTheEndOfTheLoad() async throws {
        let source = Source()
        let loads = loads()
        let asker = Task { try await loads.value(of: "a", source.load) }
        await source.begun()
        clock.advance(by: .seconds(100))
        source.end(.success(7))
        _ = try await asker.value
        clock.advance(by: .seconds(59))
        _ = try await loads.value(of: "a", source.load)
        #expect(source.count == 1)
        clock.advance(by: .seconds(1))
        _ = try await loads.value(of: "a", source.load)
        #expect(source.count == 2)
    }

    @Test func aRefusalIsKeptAndAnyOtherFailureIsNot() async throws {
        for (failure, count) in [
            (ParticipationError.notPermitted("no"), 1), (.unavailable("no"), 2), (.loggedOut, 2),
        ] {
            let source = Source()
            let loads = loads()
            source.end(.failure(failure))
            for _ in 0..<2 {
                await #expect(throws: failure) { try await loads.value(of: "a", source.load) }
            }
            #expect(source.count == count)
        }
    }

    @Test func whatIsAskedForIsLoadedByItself() async throws {
        let source = Source()
        let loads = loads()
        source.end(.success(7))
        for key in ["a", "b", "a"] { _ = try await loads.value(of: key, source.load) }
        #expect(source.count == 2)
    }

    private func loads() -> Loads<Int> {
        Loads(lifetime: .seconds(60), capacity: 9, environment: clock.environment)
    }
}

/// What is loaded once a test says so.
private final class Source: Sendable {
    private struct State {
        var count = 0
        var result: Result<Int, ParticipationError>?
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())
    private let beginning = AsyncStream.makeStream(of: Void.self)

    var count: Int { state.withLock { $0.count } }

    /// Returns once a load has begun.
    func begun() async { for await _ in beginning.stream { return } }

    func end(_ result: Result<Int, ParticipationError>) {
        let waiting = state.withLock { state in
            state.result = result
            defer { state.waiting = [] }
            return state.waiting
        }
        for one in waiting { one.resume() }
    }

    @Sendable func load() async throws(ParticipationError) -> Int {
        state.withLock { $0.count += 1 }
        beginning.continuation.yield()
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if state.result == nil { state.waiting.append(continuation) }
                return state.result != nil
            }
            if isOver { continuation.resume() }
        }
        if Task.isCancelled { throw .unavailable("cancelled") }
        guard let result = state.withLock({ $0.result }) else { throw .unavailable("no word") }
        return try result.get()
    }
}
