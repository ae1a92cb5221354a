public import Logging
public import Outbox

/// Follows conversations after their creation: by a notification channel on which Genesys tells of every change,
/// and by comparing all live ones with Genesys now and then, since nothing is told twice.
///
/// All that is seen goes to the store one by one, in the order in which it was true.
public actor Feed {
    let client: GenesysClient
    let provider: String
    let store: any ThreadStore
    let environment: Environment
    let logger: Logger
    private let journal: MarkerJournal
    private let identity: Identity
    private let connect: FeedConnector

    var topics: QueueTopics
    /// By the conversation's id.
    var tracks: [String: Track] = [:]
    /// Seen in a queue that was not told of until then, so that something may have been missed since.
    var suspects: Set<String> = []
    var state = FeedStatus()
    /// The one that is told of everything; none while there is no connection.
    private var session: FeedSession?
    private var isRefused = false

    /// When all are compared next, by the uptime.
    private var reconcileAt: Duration
    private var alarm: (any Alarm)?
    private let rings: AsyncStream<Void>
    private let bell: AsyncStream<Void>.Continuation

    let seen: AsyncStream<Observation>
    let sight: AsyncStream<Observation>.Continuation

    /// What is known of a conversation besides what the store keeps.
    struct Track: Sendable {
        /// Changes of it that were told.
        var told = 0
        /// The newest time that was seen of it: what does not reach that far is older.
        var newest: Timestamp?
        /// When it was last told of or asked for; analytics do not count, which may be behind.
        var seenAt: Duration?
        /// When it was first said not to be there.
        var missingSince: Duration?
    }

    /// While Genesys tells of every change, and while it does not.
    static let interval = Duration.seconds(300)
    static let intervalUntold = Duration.seconds(60)

    /// - Parameters:
    ///   - queues: those of the routes; others are added as conversations are seen in them.
    ///   - journal: told of the entries whose conversations are seen.
    ///   - proxies: for the channel's connection; all calls go by the client.
    ///   - bind: ties the store to the organisation; nothing is followed before, since another organisation would
    ///     know none of the conversations.
    public init(
        client: GenesysClient, provider: String, queues: [String], store: any ThreadStore,
        journal: MarkerJournal, proxies: ProxyRules, environment: Environment, logger: Logger,
        bind: @escaping @Sendable (Binding) async throws(StoreError) -> Void
    ) {
        let socket = WebSocket(proxies: proxies)
        self.init(
            client: client, provider: provider, queues: queues, store: store, journal: journal,
            environment: environment, logger: logger, bind: bind,
            connect: { uri throws(FeedError) in try await socket.connect(to: uri) })
    }

    init(
        client: GenesysClient, provider: String, queues: [String], store: any ThreadStore,
        journal: MarkerJournal, environment: Environment, logger: Logger,
        bind: @escaping @Sendable (Binding) async throws(StoreError) -> Void,
        connect: @escaping FeedConnector
    ) {
        self.client = client
        self.provider = provider
        self.store = store
        self.environment = environment
        self.logger = logger
        self.journal = journal
        self.connect = connect
        identity = Identity(client: client, provider: provider, bind: bind)
        topics = QueueTopics(queues)
        reconcileAt = environment.uptime() + Self.intervalUntold
        (rings, bell) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        (seen, sight) = AsyncStream.makeStream()
    }

    public var status: FeedStatus {
        var status = state
        status.queues = topics.wanted.count - topics.rejections.count
        status.rejections = topics.rejections
        status.heardAt = session.map {
            environment.now() + ($0.heardAt - environment.uptime())
        }
        return status
    }

    /// Follows until the task is cancelled; to be run once.
    public func run() async {
        await confirm()
        alarm = environment.alarm { [bell] in bell.yield() }
        await withDiscardingTaskGroup { group in
            group.addTask { await self.write() }
            group.addTask { await self.compare() }
            group.addTask { await self.listen() }
        }
        alarm?.set(nil)
    }

    private func confirm() async {
        var backoff = FeedBackoff()
        while !Task.isCancelled {
            do throws(CallError) {
                _ = try await identity.confirm()
                state.trouble = nil
                return
            } catch {
                if state.trouble != error.reason, !Task.isCancelled {
                    logger.warning(
                        "conversations are not followed", metadata: ["reason": "\(error.reason)"])
                }
                state.trouble = error.reason
                let wait = backoff.next(chance: environment.chance())
                try? await environment.sleep(until: environment.uptime() + wait)
            }
        }
    }

    /// One writer, so that nothing older is written after something newer.
    private func write() async {
        for await observation in seen {
            do {
                _ = try await store.observe(observation)
            } catch {
                if case .unavailable = error { return }
                logger.error("keeping what Genesys showed failed", metadata: ["error": "\(error)"])
            }
        }
    }

    // MARK: - The channel

    /// Holds one channel; another is opened before the one that ends is left.
    private func listen() async {
        await learnQueues()
        var backoff = FeedBackoff()
        var old: (session: FeedSession, task: Task<Void, Never>)?
        while !Task.isCancelled {
            let startedAt = environment.uptime()
            do throws(FeedError) {
                let session = try await open()
                let task = Task { await self.follow(session) }
                await leave(old?.task)
                old = (session, task)
                connected(session)
                let end = await withTaskCancellationHandler {
                    await session.ends.first { _ in true }
                } onCancel: {
                    task.cancel()
                }
                if case .lost(let reason) = end { disconnected(session, reason) }
            } catch {
                refused(error)
            }
            if environment.uptime() - startedAt >= .seconds(60) { backoff.reset() }
            let wait = isRefused ? .seconds(60) : backoff.next(chance: environment.chance())
            // What was announced is followed at once.
            guard session == nil || environment.uptime() - startedAt < .seconds(60) else {
                continue
            }
            try? await environment.sleep(until: environment.uptime() + wait)
        }
        await leave(old?.task)
    }

    private func leave(_ task: Task<Void, Never>?) async {
        task?.cancel()
        await task?.value
    }

    private func open() async throws(FeedError) -> FeedSession {
        let channel = try await NotificationChannel.create(by: client, at: environment.now())
        try await subscribe(channel)
        guard !topics.isRefused else {
            let missing = Set(topics.rejections.flatMap(\.missingPermissions)).sorted()
            throw FeedError(
                "Genesys tells of no queue"
                    + (missing.isEmpty
                        ? "" : "; give the client's role \(missing.joined(separator: ", "))"),
                isRefusal: true)
        }
        return FeedSession(channel, try await connect(channel.uri), environment)
    }

    private func follow(_ session: FeedSession) async {
        let end = await session.run(
            renew: { () throws(FeedError) in try await self.subscribe(session.channel) },
            hear: { await self.hear($0) })
        disconnected(session, end)
    }

    private func subscribe(_ channel: NotificationChannel) async throws(FeedError) {
        let asked = topics.wanted
        let answer = try await channel.subscribe(to: topics, by: client)
        topics.answer(answer, to: asked)
    }

    /// Has the channel tell of queues that were seen first just now.
    func subscribeToNew() async {
        guard topics.isIncomplete, let session else { return }
        do throws(FeedError) {
            try await subscribe(session.channel)
        } catch {
            logger.warning("a queue is not told of yet", metadata: ["reason": "\(error.reason)"])
        }
    }

    private func connected(_ session: FeedSession) {
        self.session = session
        isRefused = false
        state.connectedSince = environment.now()
        state.trouble = nil
        logger.notice("feed connected", metadata: ["queues": "\(status.queues)"])
        reconcile(at: environment.uptime())
    }

    private func disconnected(_ session: FeedSession, _ reason: String) {
        guard self.session === session, !Task.isCancelled else { return }
        self.session = nil
        state.connectedSince = nil
        state.trouble = reason
        logger.notice("feed lost", metadata: ["reason": "\(reason)"])
        reconcile(at: min(reconcileAt, environment.uptime() + Self.intervalUntold))
    }

    /// What is refused is told once, other failures each time the reason is another.
    private func refused(_ error: FeedError) {
        guard !Task.isCancelled else { return }
        if !isRefused, error.isRefusal || error.reason != state.trouble {
            logger.warning(
                "no feed: conversations are compared each minute",
                metadata: ["reason": "\(error.reason)"])
        }
        isRefused = error.isRefusal
        guard session == nil else { return }
        state.trouble = error.reason
    }

    // MARK: - What is seen

    private func hear(_ snapshot: ConversationSnapshot) {
        guard let observation = Observation(snapshot, provider: provider) else { return }
        if let marker = snapshot.marker(of: provider) {
            journal.note(snapshot, marker: marker, provider: provider)
        }
        tracks[snapshot.id, default: Track()].told += 1
        track(snapshot.id, snapshot.newest)
        note(observation.queue, of: snapshot.id)
        sight.yield(observation)
    }

    func track(_ id: String, _ newest: Timestamp?) {
        var track = tracks[id] ?? Track()
        track.newest = [track.newest, newest].compactMap { $0 }.max()
        track.seenAt = environment.uptime()
        track.missingSince = nil
        tracks[id] = track
    }

    /// A queue that is not told of yet is asked for, and then the conversation, of which something may have been
    /// missed.
    func note(_ queue: Queue?, of id: String) {
        guard let queue, topics.add(queue.id) else { return }
        suspects.insert(id)
        bell.yield()
    }

    // MARK: - When

    /// Compares all live ones now and then, and in between those that are suspect.
    private func compare() async {
        alarm?.set(reconcileAt)
        for await _ in rings {
            if environment.uptime() >= reconcileAt {
                // A connection that comes meanwhile asks for another.
                let startedAt = environment.uptime()
                reconcileAt = .seconds(Int64.max / 2)
                await reconcile()
                let interval = session == nil ? Self.intervalUntold : Self.interval
                reconcileAt = min(reconcileAt, startedAt + interval)
            } else {
                await clearSuspects()
            }
            alarm?.set(reconcileAt)
        }
    }

    private func reconcile(at uptime: Duration) {
        reconcileAt = uptime
        bell.yield()
    }

    var isConnected: Bool { session != nil }
}
