import Crypto
import ExactJSON
import FoundationEssentials
import HTTPTypes
import NIOCore
import Outbox

/// The signature of a post by Standard Webhooks 1.0: HMAC-SHA256 over id, time and body.
struct WebhookSignature: Sendable {
    /// How far a sender's clock may be from ours, either way.
    static let tolerance = Duration.seconds(300)
    /// How many signatures are looked at: more than a rotation needs.
    private static let most = 10

    let id: String
    private let timestamp: String
    private let timestampField: String
    /// The base64 of each `v1` signature, without padding.
    private let candidates: [String]

    /// Reads the headers of one family, all three of them; `nil` where a request has none of either.
    ///
    /// - Throws: `Problem` 401 where a family is incomplete or a header cannot be read.
    init?(_ fields: HTTPFields) throws(Problem) {
        guard let family = Self.families.first(where: { $0.isComplete(in: fields) }) else {
            guard let broken = Self.families.first(where: { $0.isPresent(in: fields) }) else {
                return nil
            }
            let missing = broken.names.first { fields.single($0) == nil }
            throw .unauthorized(
                "\(missing?.canonicalName ?? "a header") has to stand once beside the others",
                field: missing?.canonicalName)
        }
        id = fields.value(family.id) ?? ""
        timestamp = fields.value(family.timestamp) ?? ""
        timestampField = family.timestamp.canonicalName
        candidates = (fields.value(family.signature) ?? "")
            .split(separator: " ").prefix(Self.most)
            .filter { $0.hasPrefix("v1,") }
            .map { String($0.dropFirst("v1,".count).prefix { $0 != "=" }) }
        guard id.isKey, !id.utf8.contains(UInt8(ascii: ".")) else {
            throw .unauthorized(
                "\(family.id.canonicalName) has to be 1 to 255 visible characters without a point",
                field: family.id.canonicalName)
        }
        guard !candidates.isEmpty else {
            throw .unauthorized(
                "\(family.signature.canonicalName) has no signature of version v1",
                field: family.signature.canonicalName)
        }
    }

    /// - Throws: `Problem` 401, with the distance in seconds, where it was signed too long ago or
    ///   too far ahead.
    func checkTime(_ now: Timestamp) throws(Problem) {
        guard timestamp.utf8.count <= 12, timestamp.utf8.allSatisfy(\.isDigit),
            let seconds = Int64(timestamp)
        else {
            throw .unauthorized(
                "\(timestampField) has to be whole seconds since 1970", field: timestampField)
        }
        let skew = now - Timestamp(milliseconds: seconds * 1000)
        guard skew > Self.tolerance || skew < .zero - Self.tolerance else { return }
        let distance = Int64(skew.seconds.rounded())
        var problem = Problem.unauthorized(
            distance > 0
                ? "\(timestampField) is \(distance) seconds in the past; 300 are allowed"
                : "\(timestampField) is \(-distance) seconds in the future; 300 are allowed",
            field: timestampField)
        problem.members = [.init("skew", .number(String(distance)))]
        throw problem
    }

    /// Whether one of the signatures was made with this secret; takes the same time whichever it is.
    func isValid(for body: ByteBuffer, with secret: WebhookSecret) -> Bool {
        var mac = secret.mac
        mac.update(data: Array("\(id).\(timestamp).".utf8))
        body.withUnsafeReadableBytes { mac.update(data: $0.bindMemory(to: UInt8.self)) }
        let expected = String(Data(mac.finalize()).base64EncodedString().prefix { $0 != "=" })
        return candidates.reduce(false) { found, candidate in
            candidate.isSame(as: expected) || found
        }
    }

    private struct Family {
        let id: HTTPField.Name
        let timestamp: HTTPField.Name
        let signature: HTTPField.Name

        var names: [HTTPField.Name] { [id, timestamp, signature] }

        func isComplete(in fields: HTTPFields) -> Bool {
            names.allSatisfy { fields.single($0) != nil }
        }

        /// An id alone is but an idempotency key.
        func isPresent(in fields: HTTPFields) -> Bool {
            fields.contains(timestamp) || fields.contains(signature)
        }
    }

    private static let families = [
        Family(id: .webhookID, timestamp: .webhookTimestamp, signature: .webhookSignature),
        Family(id: .svixID, timestamp: .svixTimestamp, signature: .svixSignature),
    ]
}

extension HTTPField.Name {
    static let webhookID = known("webhook-id")
    static let webhookTimestamp = known("webhook-timestamp")
    static let webhookSignature = known("webhook-signature")
    static let svixID = known("svix-id")
    static let svixTimestamp = known("svix-timestamp")
    static let svixSignature = known("svix-signature")
    static let idempotencyKey = known("idempotency-key")
    static let lastEventID = known("last-event-id")

    static func known(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else { preconditionFailure("no field name: \(name)") }
        return name
    }
}

extension UInt8 {
    fileprivate var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
}

extension String {
    /// 1 to 255 visible ASCII characters.
    var isKey: Bool {
        (1...255).contains(utf8.count) && utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }
}
