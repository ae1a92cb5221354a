public import Logging
public import ServiceLifecycle

/// Creates conversations again once their time has come.
///
/// It looks at the start, when the next one is due, and after a commit as long later as the shortest wait:
/// nothing that was written then can be due before. Where nothing happens, it sleeps.
public struct Recreator: Service {
    /// Of a page: each of them is a message on its way again.
    static let page = 50
    /// After a failure, and where what is due could not be done.
    private static let pause = Duration.seconds(60)

    private let recreateDue:
        @Sendable (_ limit: Int) async throws(StoreError) -> (count: Int, nextDue: Timestamp?)
    private let ticks: @Sendable () -> AsyncStream<Void>
    /// `nil` where nothing new becomes due.
    private let shortestWait: Duration?
    private let environment: Environment
    private let logger: Logger

    public init(
        store: any OutboxStore & ThreadStore, aftercare: Aftercare, environment: Environment,
        logger: Logger
    ) {
        self.init(
            aftercare: aftercare, environment: environment, logger: logger,
            ticks: { store.ticks() }
        ) { limit throws(StoreError) in try await store.recreateDue(limit: limit) }
    }

    init(
        aftercare: Aftercare, environment: Environment, logger: Logger,
        ticks: @escaping @Sendable () -> AsyncStream<Void>,
        recreateDue:
            @escaping @Sendable (_ limit: Int) async throws(StoreError)
            -> (count: Int, nextDue: Timestamp?)
    ) {
        self.recreateDue = recreateDue
        self.ticks = ticks
        shortestWait = aftercare.seesToUnanswered ? aftercare.recreateAfter.min() : nil
        self.environment = environment
        self.logger = logger
    }

    public func run() async throws {
        let (wakeUps, wake) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let alarm = environment.alarm { wake.yield() }
        let ticks = ticks()
        await cancelWhenGracefulShutdown {
            await withTaskGroup { group in
                group.addTask {
                    for await _ in ticks { wake.yield() }
                }
                await look(wakeUps, alarm)
                group.cancelAll()
            }
        }
    }

    private func look(_ wakeUps: AsyncStream<Void>, _ alarm: any Alarm) async {
        var next = await round()
        alarm.set(next)
        for await _ in wakeUps {
            let uptime = environment.uptime()
            if let due = next, due <= uptime {
                next = await round()
            } else if let shortestWait {
                let soonest = uptime + shortestWait
                next = next.map { min($0, soonest) } ?? soonest
            }
            alarm.set(next)
        }
    }

    /// - Returns: the uptime of the next look.
    private func round() async -> Duration? {
        do throws(StoreError) {
            var found: (count: Int, nextDue: Timestamp?)
            repeat {
                found = try await recreateDue(Self.page)
                if found.count > 0 {
                    logger.info("conversations due again", metadata: ["count": "\(found.count)"])
                }
            } while found.count == Self.page
            guard let due = found.nextDue else { return nil }
            let wait = due - environment.now()
            return environment.uptime() + (wait > .zero ? wait : Self.pause)
        } catch {
            logger.error("creating conversations again failed", metadata: ["error": "\(error)"])
            return environment.uptime() + Self.pause
        }
    }
}
