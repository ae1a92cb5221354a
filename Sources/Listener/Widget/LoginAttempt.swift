import Crypto
import ExactJSON
import FoundationEssentials
import Outbox

/// A login that is under way: what the browser keeps of it for us, sealed, while it is at Genesys.
struct LoginAttempt: Sendable, Equatable {
    /// Where the agent began.
    enum Mode: Sendable, Equatable {
        /// In the tab itself.
        case frame
        /// In a window of its own.
        /// - Parameter challenge: SHA-256, in base64url, of the proof that the tab keeps.
        case popup(challenge: String)
    }

    static let lifetime = Duration.seconds(600)

    let mode: Mode
    /// What the tab was opened with, by name; only what was checked.
    let parameters: [JSON.Member]
    let expires: Timestamp
    let state: String
    /// The secret of PKCE (RFC 7636).
    let verifier: String

    /// - Parameter origins: of the pages that may show the tab.
    init(
        _ mode: Mode, from target: Target, origins: [String], at now: Timestamp
    ) {
        self.mode = mode
        parameters = Self.checks.compactMap { name, isValid in
            guard let value = target[name], isValid(value, origins) else { return nil }
            return .init(name, .string(value))
        }
        expires = now + Self.lifetime
        state = Secret().text
        verifier = Secret().text
    }

    /// Nothing else comes back out of a login, and no value that could lead or mean anything else.
    private static let checks: [(String, @Sendable (String, [String]) -> Bool)] = [
        ("conversationId", { value, _ in value.isUUID }),
        ("gcHostOrigin", { value, origins in origins.contains(value) }),
        ("gcTargetEnv", { value, _ in value.isPlain }),
        ("lang", { value, _ in value.isPlain }),
    ]

    var challenge: String { SHA256.hash(of: verifier).base64URL }
    var cookie: Cookie { .login(state) }
    var lang: String? { parameters.first { $0.name == "lang" }?.value.string }

    /// The tab's own address.
    var page: String {
        let query = parameters.map { "\($0.name)=\($0.value.string ?? "")" }
        return query.isEmpty ? "/widget" : "/widget?" + query.joined(separator: "&")
    }

    /// The same, marked: a tab that comes back so without a session asks for a click, and turns in no circles.
    ///
    /// Nothing in the browser could be relied on to remember it: with third-party cookies blocked,
    /// Chromium denies a frame all storage.
    var pageAfterLogin: String { page + (page.contains("?") ? "&" : "?") + "returned=1" }
}

extension LoginAttempt {
    /// - Returns: `nil` where it is not ours, or too old.
    init?(sealed text: String, with seal: Seal, at now: Timestamp) {
        guard let sealed = [UInt8](base64URL: text), let bytes = seal.open(sealed),
            let json = try? JSON(parsing: bytes),
            case .object(let parameters)? = json["parameters"],
            let expires = json["expires"]?.integer, let state = json["state"]?.string,
            let verifier = json["verifier"]?.string
        else { return nil }
        mode = json["challenge"]?.string.map { .popup(challenge: $0) } ?? .frame
        self.parameters = parameters
        self.expires = Timestamp(milliseconds: Int64(expires))
        self.state = state
        self.verifier = verifier
        guard now < self.expires else { return nil }
    }

    func sealed(with seal: Seal) -> String {
        var challenge: String?
        if case .popup(let given) = mode { challenge = given }
        let json: JSON = [
            "parameters": .object(parameters), "expires": JSON(expires.milliseconds),
            "state": .string(state), "verifier": .string(verifier), "challenge": JSON(challenge),
        ]
        return seal.close(json.bytes).base64URL
    }
}

extension String {
    /// Such as a language or an environment: nothing that would have to be escaped anywhere.
    fileprivate var isPlain: Bool {
        (1...35).contains(utf8.count)
            && utf8.allSatisfy { $0.isBase64URL || $0 == UInt8(ascii: ".") }
    }
}
