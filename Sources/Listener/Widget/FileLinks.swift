import Crypto
import HTTPTypes
import HummingbirdCore
public import Outbox

/// Addresses at which a shop fetches agents' files without a login, each for a time only.
///
/// Who has such an address has the file: it is signed with HMAC-SHA256 over the file's id and the end of that time.
public struct FileLinks: Sendable {
    private let key: SymmetricKey
    private let origin: String
    private let lifetime: Duration
    private let now: @Sendable () -> Timestamp

    /// - Parameters:
    ///   - key: the store's `linkKey()`.
    ///   - origin: as shops see us, such as `https://bridge.example.com`.
    public init(
        key: [UInt8], origin: String, lifetime: Duration, now: @escaping @Sendable () -> Timestamp
    ) {
        self.key = SymmetricKey(data: key)
        self.origin = origin
        self.lifetime = lifetime
        self.now = now
    }

    /// Where an attachment can be had from now on: an agent's file here, any other where the shop keeps it.
    public func address(of attachment: Attachment) -> String? {
        guard let file = attachment.file else { return attachment.url }
        let expires = (now() + lifetime).milliseconds / 1000
        let signature = HMAC<SHA256>.authenticationCode(
            for: Self.signed(file, expires), using: key)
        return "\(origin)/v1/files/\(file)?expires=\(expires)&signature=\(signature.hex)"
    }

    /// - Throws: `Problem` 403, the same for a forged address and one whose time is over.
    func check(_ file: String, expires: String?, signature: String?) throws(Problem) -> FileID {
        guard let id = FileID(file), let expires = expires.flatMap({ Int64($0) }),
            let code = signature.flatMap({ [UInt8](hex: $0) }),
            HMAC<SHA256>.isValidAuthenticationCode(
                code, authenticating: Self.signed(id, expires), using: key),
            now().milliseconds / 1000 < expires
        else {
            throw Problem(
                .forbidden, "this link is not good, or not any more; a thread has fresh ones")
        }
        return id
    }

    private static func signed(_ file: FileID, _ expires: Int64) -> [UInt8] {
        Array("\(file) \(expires)".utf8)
    }
}

/// Gives shops the files that agents sent.
struct FileDownloads: Sendable {
    let links: FileLinks
    let store: any DeskStore
    /// What is given as what it was sent as.
    let types: [String]

    func add(to routes: inout Routes) {
        // Refusals too: a proxy that kept one would give it to whoever has a good link.
        routes.set(
            [.cacheControl: "no-store", .xContentTypeOptions: "nosniff"], beneath: "v1/files")
        routes.on(.get, "v1/files/{id}") { call throws(Problem) in
            let id = try links.check(
                call.parameters[0], expires: call.target["expires"],
                signature: call.target["signature"])
            do {
                let file = try await store.file(id)
                // One that was taken back with its answer is nobody's business any more.
                guard file.message != nil else { throw StoreError.notFound }
                return .download(file, from: store, types: types)
            } catch let error as StoreError {
                throw error == .notFound
                    ? Problem(.notFound, "there is no such file") : Problem(error)
            } catch {
                throw Problem(.internalServerError)
            }
        }
    }
}

extension HashedAuthenticationCode {
    fileprivate var hex: String {
        map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}

extension [UInt8] {
    /// - Returns: `nil` for anything but pairs of hexadecimal digits.
    fileprivate init?(hex: String) {
        let digits = hex.utf8.compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
        guard digits.count == hex.utf8.count, digits.count.isMultiple(of: 2) else { return nil }
        self = stride(from: 0, to: digits.count, by: 2).map {
            UInt8(digits[$0] << 4 | digits[$0 + 1])
        }
    }
}
