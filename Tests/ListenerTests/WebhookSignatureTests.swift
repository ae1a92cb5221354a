import ExactJSON
import HTTPTypes
import NIOCore
import Outbox
import Testing

@testable import Listener

@Suite struct WebhookSignatureTests {
    /// The example of the Standard Webhooks specification.
    private static let example = [
        ("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek"), ("webhook-timestamp", "1614265330"),
        ("webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="),
    ]
    private let body = ByteBuffer(string: #"{"test": 2432232314}"#)
    private let right = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="

    @Test func thePublishedExampleIsValid() throws {
        let secret = try WebhookSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
        let signature = try #require(try WebhookSignature(fields(Self.example)))
        #expect(signature.id == "msg_p5jXN8AQM9LWM0D4loKWxJek")
        #expect(signature.isValid(for: body, with: secret))
        #expect(!signature.isValid(for: ByteBuffer(string: #"{"test": 2432232315}"#), with: secret))
        #expect(
            !signature.isValid(for: body, with: try WebhookSecret("whsec_AAAAAAAAAAAAAAAAAAAA")))
        #expect(
            !signature.isValid(
                for: body, with: try WebhookSecret("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")))
    }

    /// Thousands of them: a comparison that forgot a difference by chance would let one in.
    @Test func noOtherBodyHasTheSameSignature() throws {
        let secret = try WebhookSecret(Shops.secret)
        let signature = try #require(try signature(right))
        let forged = (0..<10_000).filter {
            signature.isValid(for: ByteBuffer(string: #"{"test": \#($0)}"#), with: secret)
        }
        #expect(forged.isEmpty)
    }

    @Test func theRightOneIsFoundAmongOthers() throws {
        let secret = try WebhookSecret(Shops.secret)
        let junk = ["v1a,AAAA", "v1,", "v1,AAAA", ",", "v2,\(right.dropFirst(3))", "nonsense"]
        let list = (junk + [right]).joined(separator: " ")
        #expect(try signature(list)?.isValid(for: body, with: secret) == true)
        let unpadded = right.replacing("=", with: "")
        #expect(try signature(unpadded)?.isValid(for: body, with: secret) == true)
    }

    @Test func onlyTheFirstTenAreLookedAt() throws {
        let secret = try WebhookSecret(Shops.secret)
        let nine = Array(repeating: "v1,AAAA", count: 9)
        #expect(
            try signature((nine + [right]).joined(separator: " "))?.isValid(for: body, with: secret)
                == true)
        #expect(
            try signature((nine + ["v1,AAAA", right]).joined(separator: " "))?
                .isValid(for: body, with: secret) == false)
    }

    @Test(arguments: [
        "", "v1a,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", "g0hM9SsE+OTPJTGt", "V1,AAAA",
    ])
    func aHeaderWithoutAKnownVersionIsRefused(text: String) {
        #expect(throws: Problem.self) { try signature(text) }
    }

    @Test func aFamilyHasToBeWhole() throws {
        #expect(try WebhookSignature([:]) == nil)
        #expect(try WebhookSignature(fields([Self.example[0]])) == nil)
        for missing in [0, 1, 2] {
            var some = Self.example
            let name = some.remove(at: missing).0
            guard missing > 0 || !some.isEmpty else { continue }
            #expect { try WebhookSignature(fields(some)) } throws: {
                ($0 as? Problem)?.field == name
            }
        }
        // Parts of two families do not make one.
        let mixed = [
            ("svix-id", Self.example[0].1), Self.example[1], Self.example[2],
        ]
        #expect(throws: Problem.self) { try WebhookSignature(fields(mixed)) }
        #expect(throws: Problem.self) {
            try WebhookSignature(fields(Self.example + [Self.example[2]]))
        }
    }

    @Test func theOtherFamilyCountsToo() throws {
        let svix = Self.example.map { ($0.0.replacing("webhook", with: "svix"), $0.1) }
        let signature = try #require(try WebhookSignature(fields(svix)))
        #expect(signature.isValid(for: body, with: try WebhookSecret(Shops.secret)))
    }

    @Test(arguments: ["a.b", "", "a b", "é", String(repeating: "x", count: 256)])
    func anIDWithAPointOrWorseIsRefused(id: String) {
        var some = Self.example
        some[0].1 = id
        #expect(throws: Problem.self) { try WebhookSignature(fields(some)) }
    }

    @Test(
        arguments: [
            (0, nil), (300, nil), (-300, nil), (301, 301), (-301, -301), (86_400, 86_400),
        ] as [(Int64, Int64?)])
    func theTimeMayBeFiveMinutesOff(seconds: Int64, skew: Int64?) throws {
        let signature = try #require(try WebhookSignature(fields(Self.example)))
        let now = Timestamp(milliseconds: (1_614_265_330 + seconds) * 1000)
        guard let skew else {
            try signature.checkTime(now)
            return
        }
        #expect { try signature.checkTime(now) } throws: { error in
            let problem = error as? Problem
            return problem?.json["skew"]?.integer == Int(skew)
                && problem?.detail?.contains("\(abs(skew)) seconds") == true
        }
    }

    @Test(arguments: [
        "", "now", "-1614265330", "1614265330.5", "1e9", "16142653300000000", "+1614265330",
    ])
    func aTimeIsWholeSeconds(time: String) throws {
        var some = Self.example
        some[1].1 = time
        let signature = try #require(try WebhookSignature(fields(some)))
        #expect {
            try signature.checkTime(Timestamp(milliseconds: 1_614_265_330_000))
        } throws: {
            // Refused for what it is, and not for its distance.
            ($0 as? Problem)?.members.isEmpty == true
        }
    }

    @Test func aSecretIsBase64BehindItsPrefixOrRaw() throws {
        #expect(try WebhookSecret("whsec_YWJj") == WebhookSecret("abc"))
        #expect(try WebhookSecret("whsec_YWI") == WebhookSecret("ab"))
        #expect(throws: WebhookSecret.Failure.empty) { try WebhookSecret("") }
        #expect(throws: WebhookSecret.Failure.empty) { try WebhookSecret("whsec_") }
        #expect(throws: WebhookSecret.Failure.notBase64) { try WebhookSecret("whsec_%%%%") }
    }

    private func signature(_ text: String) throws -> WebhookSignature? {
        var some = Self.example
        some[2].1 = text
        return try WebhookSignature(fields(some))
    }

    private func fields(_ pairs: [(String, String)]) -> HTTPFields {
        var fields = HTTPFields()
        for (name, value) in pairs {
            if let name = HTTPField.Name(name) {
                fields.append(HTTPField(name: name, value: value))
            }
        }
        return fields
    }
}
