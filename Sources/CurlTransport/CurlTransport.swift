import CCurl
import Dispatch
public import QueueExecutor

/// HTTP over libcurl's multi interface, driven by Dispatch sources on one queue.
///
/// Connections are kept and shared, HTTP/2 is spoken where a server offers it, proxies come from
/// the environment (`https_proxy`, `no_proxy`), the trusted authorities from the system. A transport
/// lives until `shutdown()`, which whoever makes one has to call.
public actor CurlTransport {
    public nonisolated let executor = QueueExecutor(label: "curl-transport")
    public nonisolated var unownedExecutor: UnownedSerialExecutor {
        executor.asUnownedSerialExecutor()
    }

    /// libcurl wants this called once in a process, before anything else.
    private static let libraryStatus = curl_global_init(Int(CURL_GLOBAL_ALL))

    private typealias Resumption = CheckedContinuation<Transfer.Outcome, Never>

    let timer: any DispatchSourceTimer
    var sources: [Watch: any DispatchSourceProtocol] = [:]
    package internal(set) var watchedDescriptors = 0
    var onNothingWatched: CheckedContinuation<Void, Never>?

    private let userAgent: String
    private let concurrency: Int
    private let multi: UnsafeMutableRawPointer
    private var lastID = 0
    private var transfers: [Int: (transfer: Transfer, resumption: Resumption)] = [:]
    private var waiting: [Int] = []
    private var running: Set<Int> = []
    private var isShutDown = false

    /// At most `concurrency` requests are under way at a time, whatever their hosts; the others wait
    /// for their turn in the order they came, and their timeouts begin with it.
    public init(userAgent: String, concurrency: Int = 64) {
        precondition(concurrency > 0)
        guard Self.libraryStatus == CURLE_OK, let multi = ccurl_multi_init() else {
            preconditionFailure("libcurl does not start: out of memory")
        }
        ccurl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, concurrency)
        let timer = DispatchSource.makeTimerSource(queue: executor.queue)
        self.userAgent = userAgent
        self.concurrency = concurrency
        self.multi = multi
        self.timer = timer
        // The handler's hold on the transport, which ends with the timer, keeps it alive for libcurl.
        timer.setEventHandler {
            self.assumeIsolated { $0.act(on: CURL_SOCKET_TIMEOUT, 0) }
        }
        timer.activate()
        ccurl_multi_set_callbacks(
            multi,
            { _, socket, interest, transport, _ in
                CurlTransport.at(transport).assumeIsolated { $0.watch(socket, for: interest) }
                return 0
            },
            { _, milliseconds, transport in
                CurlTransport.at(transport).assumeIsolated { $0.wake(after: milliseconds) }
                return 0
            },
            Unmanaged.passUnretained(self).toOpaque())
    }

    /// Sends the request and returns the complete answer.
    ///
    /// Cancelling the task ends the transfer as `TransportError.unknown`; after `shutdown()` every
    /// request fails as `.notSent`.
    public func send(
        _ request: TransportRequest
    ) async throws(TransportError) -> TransportResponse {
        lastID += 1
        let id = lastID
        let transfer = try Transfer(id: id, request, userAgent: userAgent)
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { start(transfer, $0) }
        } onCancel: {
            executor.queue.async {
                self.assumeIsolated { $0.finish(id, .failure(.unknown("cancelled"))) }
            }
        }
        return try outcome.get()
    }

    /// Ends what is under way as `TransportError.unknown`, then closes every connection.
    ///
    /// Returns when the last descriptor is closed.
    public func shutdown() async {
        guard !isShutDown else { return }
        isShutDown = true
        waiting = []
        for id in transfers.keys.sorted() {
            finish(id, .failure(.unknown("the transport was shut down")))
        }
        ccurl_multi_cleanup(multi)
        timer.cancel()
        cancelSources()
        await nothingWatched()
    }

    private func start(_ transfer: Transfer, _ resumption: Resumption) {
        guard !isShutDown else {
            resumption.resume(returning: .failure(.notSent("the transport is shut down")))
            return
        }
        transfers[transfer.id] = (transfer, resumption)
        waiting.append(transfer.id)
        admit()
    }

    private func admit() {
        while running.count < concurrency, !waiting.isEmpty {
            let id = waiting.removeFirst()
            guard let (transfer, _) = transfers[id] else { continue }
            running.insert(id)
            let code = ccurl_multi_add(multi, transfer.easy)
            if code != CURLM_OK {
                finish(id, .failure(.notSent(String(cString: curl_multi_strerror(code)))))
            }
        }
    }

    /// Lets libcurl work on a socket, or on what is due, and settles what that ended.
    func act(on socket: curl_socket_t, _ events: Int32) {
        ccurl_multi_act(multi, socket, events)
        var code = CURLE_OK
        while let easy = ccurl_multi_next_done(multi, &code) {
            guard let pointer = ccurl_get_private(easy) else { continue }
            let transfer = Transfer.at(pointer)
            finish(transfer.id, transfer.outcome(code))
        }
    }

    /// Leaving the table is what makes a transfer end once.
    private func finish(_ id: Int, _ outcome: Transfer.Outcome) {
        guard let (transfer, resumption) = transfers.removeValue(forKey: id) else { return }
        if running.remove(id) != nil { ccurl_multi_remove(multi, transfer.easy) }
        resumption.resume(returning: outcome)
        admit()
    }

    private static func at(_ pointer: UnsafeMutableRawPointer) -> CurlTransport {
        Unmanaged.fromOpaque(pointer).takeUnretainedValue()
    }
}
