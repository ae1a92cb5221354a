import Logging
import Outbox
import ServiceLifecycle
import TestSupport
import Testing

@testable import Bridge

@Suite(.timeLimit(.minutes(15))) struct WatchdogTests {
    @Test func aliveIsSaidOnceForEachRoundInWhichAllAnswer() async throws {
        let bench = Bench(stalled: nil)
        try await bench.run {
            for _ in 1...3 {
                bench.tick()
                #expect(await bench.manager.receive() == "WATCHDOG=1")
                #expect(await bench.manager.receive() == "STATUS=3 pending")
            }
            #expect(!bench.manager.hasMore)
        }
    }

    @Test(arguments: Bench.parts)
    func onePartThatDoesNotAnswerSilencesIt(part: String) async throws {
        let bench = Bench(stalled: part)
        try await bench.run {
            await bench.tickUntilLogged("not alive: a part does not answer parts=\(part)")
            #expect(!bench.manager.hasMore)
            bench.release()
            #expect(await bench.manager.receive() == "WATCHDOG=1")
        }
    }

    @Test func aSilentPartDoesNotHoldUpTheStop() async throws {
        let bench = Bench(stalled: "store")
        try await bench.run {
            await bench.tickUntilLogged("not alive: a part does not answer parts=store")
        }
        bench.release()
    }

    @Test func theTicksBeginAtOnceAndGoOn() async {
        var ticks = Watchdog.ticks(every: .milliseconds(1))().makeAsyncIterator()
        for _ in 1...3 { #expect(await ticks.next() != nil) }
    }

    @Test func readyIsSaidOnceAllListenAndStoppingAsSoonAsTheStopBegins() async throws {
        let manager = ManagerSocket()
        let (open, gate) = AsyncStream<Void>.makeStream()
        let notifier = Notifier(environment: ["NOTIFY_SOCKET": manager.name])
        let announcement = Announcement(notifier: notifier) { for await _ in open { break } }
        let group = ServiceGroup(services: [announcement], logger: .silent)
        async let ended: Void = group.run()
        #expect(!manager.hasMore)
        gate.yield()
        #expect(await manager.receive() == "READY=1")
        await group.triggerGracefulShutdown()
        #expect(await manager.receive() == "STOPPING=1")
        try await ended
    }
}

/// A watchdog with four parts, one of which may stall, before a manager's real socket.
private final class Bench: Sendable {
    static let parts = ["store", "relay", "transport", "loop"]

    let manager = ManagerSocket()
    private let watchdog: Watchdog
    private let ticks = AsyncStream<Void>.makeStream()
    private let lines = AsyncStream<String>.makeStream()
    private let gate = AsyncStream<Void>.makeStream()

    init(stalled: String?) {
        let (ticks, lines, gate) = (ticks, lines, gate)
        watchdog = Watchdog(
            notifier: Notifier(environment: ["NOTIFY_SOCKET": manager.name]),
            pulses: Self.parts.map { part in
                Watchdog.Pulse(part) {
                    if part == stalled { for await _ in gate.stream {} }
                }
            },
            status: { "3 pending" }, ticks: { ticks.stream },
            logger: Logger(label: "watchdog") { label in
                LineLogHandler(
                    label: label, form: .text(colored: false),
                    now: { Timestamp(milliseconds: 0) },
                    output: { lines.continuation.yield($0) }, logLevel: .info)
            })
    }

    func tick() { ticks.continuation.yield() }
    func release() { gate.continuation.finish() }

    /// Ticks on until only the stalled part is left to answer.
    func tickUntilLogged(_ end: String) async {
        var logged = lines.stream.makeAsyncIterator()
        tick()
        repeat { tick() } while await logged.next()?.hasSuffix(end) == false
    }

    func run(_ body: @Sendable () async throws -> Void) async throws {
        let group = ServiceGroup(services: [watchdog], logger: .silent)
        async let ended: Void = group.run()
        try await body()
        await group.triggerGracefulShutdown()
        try await ended
    }
}

extension Logger {
    static let silent = Logger(label: "silent") { _ in SwiftLogNoOpLogHandler() }
}
