import Dispatch

/// What a server has seen.
///
/// Unchecked because the queue guards both fields. (Not a `Mutex`: on Linux the thread sanitizer does
/// not see its slow path and reports races between its holders.)
final class Log: @unchecked Sendable {
    private let queue = DispatchQueue(label: "loopback-log")
    private var guardedConnections = 0
    private var guardedRequests: [LoopbackRequest] = []

    var connections: Int { queue.sync { guardedConnections } }
    var requests: [LoopbackRequest] { queue.sync { guardedRequests } }

    /// The new connection's number, from one.
    func addConnection() -> Int {
        queue.sync {
            guardedConnections += 1
            return guardedConnections
        }
    }

    func add(_ request: LoopbackRequest) {
        queue.sync { guardedRequests.append(request) }
    }
}
