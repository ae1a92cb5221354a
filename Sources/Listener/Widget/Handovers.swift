import Crypto
import Outbox
import Synchronization

/// Logins that wait for the tab that asked for them: made in a window whose cookies the tab cannot see.
///
/// The tab begins with the digest of a proof that it keeps to itself, so that a code is of no use to anybody
/// else who may have seen it.
final class Handovers: Sendable {
    struct Handover: Sendable {
        let login: Login
        let since: Timestamp
        /// SHA-256 of the proof, in base64url.
        let challenge: String
    }

    static let lifetime = Duration.seconds(60)
    static let most = 1000

    private let waiting = Mutex<[String: (handover: Handover, until: Duration)]>([:])

    /// - Returns: the code for it, short enough to be typed, and the oldest of too many, which gives way.
    func offer(
        _ handover: Handover, at uptime: Duration
    ) -> (code: String, displaced: Handover?) {
        var generator = SystemRandomNumberGenerator()
        let code = String((0..<10).map { _ in alphabet[Int.random(in: 0..<32, using: &generator)] })
        let displaced = waiting.withLock { waiting in
            let oldest =
                waiting.count < Self.most
                ? nil : waiting.min { $0.value.until < $1.value.until }
            if let oldest { waiting[oldest.key] = nil }
            waiting[code.digest] = (handover, uptime + Self.lifetime)
            return oldest?.value.handover
        }
        return ("\(code.prefix(5))-\(code.suffix(5))", displaced)
    }

    /// Whoever takes one is the last to, whether the proof is right or not.
    ///
    /// - Parameter code: as a person may have typed it.
    /// - Returns: `nil` for one that is unknown, was taken, or is older than a minute.
    func take(_ code: String, at uptime: Duration) -> Handover? {
        waiting.withLock { waiting in
            let key = code.asTyped.digest
            guard let found = waiting[key], uptime < found.until else { return nil }
            waiting[key] = nil
            return found.handover
        }
    }

    /// - Returns: the one whose time is over, if nobody has taken it.
    func drop(_ code: String) -> Handover? {
        waiting.withLock { $0.removeValue(forKey: code.asTyped.digest)?.handover }
    }
}

extension Handovers.Handover {
    func isFor(_ proof: String) -> Bool {
        SHA256.hash(of: proof).base64URL.isSame(as: challenge)
    }
}

/// Crockford's base 32, in which no two characters look alike.
private let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz")

extension String {
    /// Looking for a digest takes no time that tells how much of a code was guessed.
    fileprivate var digest: String { SHA256.hash(of: self).base64URL }

    /// Without case and separators, and with what the alphabet lacks as what it looks like.
    fileprivate var asTyped: String {
        String(
            lowercased().compactMap { character -> Character? in
                switch character {
                case "o": "0"
                case "i", "l": "1"
                default: alphabet.contains(character) ? character : nil
                }
            })
    }
}
