import ExactJSON
public import Outbox

/// Where conversations are searched for; it may show them late, in the order of their creation.
protocol ConversationSearch: Sendable {
    var fences: FencesOfConversations { get }

    /// Whether it shows conversations from after the attempt by now.
    ///
    /// Whoever wants to conclude from a missing marker asks this first: asked for afterwards, it could
    /// speak of an index that has moved on since the marker was missed.
    /// - Parameter span: from the attempt until now, as far as the clock is right.
    func watermark(
        for look: Look, within span: ClosedRange<Timestamp>
    ) async throws(SearchError) -> Watermark

    /// The conversations of ours that bear the marker.
    func traces(
        of marker: String, within span: ClosedRange<Timestamp>
    ) async throws(SearchError) -> [Trace]
}

extension ConversationSearch {
    /// One of the shown conversations that was attempted before the look's attempt, and one from after the
    /// doubt began.
    func neighbours(
        of look: Look, among shown: [String]
    ) async throws(SearchError) -> (earlier: String?, later: String?) {
        let known: [String: ClosedRange<Fence>]
        do {
            known = try await fences(shown)
        } catch {
            throw SearchError(error)
        }
        return (
            shown.first { known[$0].map { $0.upperBound < look.fence } ?? false },
            shown.first { known[$0].map { $0.lowerBound > look.since } ?? false }
        )
    }
}

/// The first and the last attempt of the entry that each of these conversations belongs to.
public typealias FencesOfConversations =
    @Sendable (_ references: [String]) async throws(StoreError) -> [String: ClosedRange<Fence>]

/// A conversation that bears an entry's marker.
struct Trace: Sendable, Equatable, Comparable {
    var id: String
    /// As the source writes it, in ISO 8601.
    var createdAt: String

    static func < (left: Self, right: Self) -> Bool {
        (left.createdAt, left.id) < (right.createdAt, right.id)
    }
}

enum Watermark: Sendable, Equatable {
    /// It shows what was created after the attempt: what it does not show of the attempt is not there.
    case shown(String)
    case missing(String)

    static let behind = Watermark.missing("shows nothing yet that was created after the attempt")
}

/// Why a search taught nothing.
enum SearchError: Error, Equatable {
    /// Only a person can change that.
    case blind(String)
    /// Not now.
    case unavailable(String)
    /// It answered, and cannot tell.
    case unclear(String)

    init(_ error: CallError) {
        switch error {
        case .forbidden(let reason), .spent(let reason): self = .blind(reason)
        case .unreachable(let reason), .unauthorized(let reason), .paused(let reason),
            .unknown(let reason):
            self = .unavailable(reason)
        }
    }

    init(_ error: StoreError) {
        self = .unavailable("the store: \(error)")
    }

    var sighting: Sighting {
        switch self {
        case .blind(let reason): .blind(reason)
        case .unavailable(let reason): .unavailable(reason)
        case .unclear(let reason): .unseen(reason)
        }
    }
}

extension GenesysClient {
    /// Makes a search, and reads its answer.
    func search(
        _ kind: CallKind, _ path: String, _ body: JSON
    ) async throws(SearchError) -> JSON {
        let answer: Answer
        do {
            answer = try await call(kind, "POST", path, body)
        } catch {
            throw SearchError(error)
        }
        switch answer.status {
        case 200:
            guard let body = answer.body else {
                throw .unavailable("answered what is no JSON")
            }
            return body
        case 408, 429, 500...: throw .unavailable(answer.complaint)
        default: throw .blind(answer.complaint)
        }
    }
}
