import Crypto
import HTTPTypes
import NIOCore
import Outbox

/// Whom a request comes from: a shop, by one of its credentials.
struct Guest: Sendable, Hashable {
    let shop: ShopName
    /// A token's name; `nil` for a signature.
    let token: String?
    let isUnsigned: Bool

    init(_ shop: ShopName, token: String? = nil, isUnsigned: Bool = false) {
        self.shop = shop
        self.token = token
        self.isUnsigned = isUnsigned
    }
}

/// Finds out which shop a request comes from, before anything in it is read.
struct Reception: Sendable {
    private let shops: [ShopAccess]
    private let allowUnsigned: Bool
    private let environment: Environment

    init(_ shops: [ShopAccess], allowUnsigned: Bool, environment: Environment) {
        self.shops = shops
        self.allowUnsigned = allowUnsigned
        self.environment = environment
    }

    subscript(name: ShopName) -> ShopAccess? { shops.first { $0.name == name } }

    /// Whom a post comes from: by its bearer token, else by its signature.
    ///
    /// - Parameter name: the shop the path names; only its own credentials count then.
    func guest(
        posting body: ByteBuffer, _ fields: HTTPFields, authority: String?, to name: ShopName?
    ) throws(Problem) -> Guest {
        if let digest = fields.bearer {
            let (shop, token) = try holder(of: digest, in: name)
            guard token.scope == .write else {
                throw Problem(.forbidden, "this token may only read")
            }
            return Guest(shop, token: token.name)
        }
        if let signature = try WebhookSignature(fields) {
            return Guest(try signer(signature, body, in: name))
        }
        guard allowUnsigned else {
            throw .unauthorized(
                "sign the post with webhook-id, webhook-timestamp and webhook-signature,"
                    + " or send a bearer token")
        }
        try Loopback.check(fields, authority: authority)
        let shop = name ?? ShopName("default")
        guard let access = self[shop] else {
            throw Problem(.notFound, "there is no such shop; name one in the path")
        }
        guard access.secrets.isEmpty, access.tokens.isEmpty else {
            throw .unauthorized(
                "this shop has credentials: sign the post, or send a bearer token;"
                    + " intake.allowUnsigned is for shops that have none")
        }
        return Guest(shop, isUnsigned: true)
    }

    /// Whom a reading request comes from: a signing secret alone reads nothing.
    func reader(_ fields: HTTPFields) throws(Problem) -> Guest {
        guard let digest = fields.bearer else {
            throw .unauthorized("reading needs a bearer token")
        }
        let (shop, token) = try holder(of: digest, in: nil)
        return Guest(shop, token: token.name)
    }

    private func holder(
        of digest: SHA256.Digest, in name: ShopName?
    ) throws(Problem) -> (ShopName, AccessToken) {
        var found: (ShopName, AccessToken)?
        for shop in candidates(name) {
            if let token = shop.tokens.first(matching: digest) { found = (shop.name, token) }
        }
        guard let found else { throw .unauthorized("this token is not known here") }
        return found
    }

    private func signer(
        _ signature: WebhookSignature, _ body: ByteBuffer, in name: ShopName?
    ) throws(Problem) -> ShopName {
        try signature.checkTime(environment.now())
        var found: ShopName?
        for shop in candidates(name) {
            for secret in shop.secrets where signature.isValid(for: body, with: secret) {
                found = shop.name
            }
        }
        guard let found else {
            throw .unauthorized("the signature does not fit the body and any secret known here")
        }
        return found
    }

    private func candidates(_ name: ShopName?) -> [ShopAccess] {
        guard let name else { return shops }
        return shops.filter { $0.name == name }
    }
}
