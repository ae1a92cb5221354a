import Crypto
import HTTPTypes
import Testing

@testable import Listener

/// Thousands of wrong ones: a comparison that forgot a difference by chance would let one of them in.
@Suite struct AccessTokenTests {
    private let tokens = [
        AccessToken(name: "anna", secret: "w", scope: .write),
        AccessToken(name: "wall", secret: "r", scope: .read),
    ]

    @Test func aTokenIsFoundByItsText() {
        #expect(tokens.first(matching: SHA256.hash(of: "w"))?.name == "anna")
        #expect(tokens.first(matching: SHA256.hash(of: "r"))?.name == "wall")
    }

    @Test func noOtherTextOpensADoor() {
        let opening = (0..<10_000).filter {
            tokens.first(matching: SHA256.hash(of: "\($0)")) != nil
        }
        #expect(opening.isEmpty)
    }

    @Test func aSecretIsTheSameAsNoOther() {
        let secret = Secret().text
        #expect(secret.isSame(as: secret))
        #expect(!(0..<10_000).contains { secret.isSame(as: "\($0)") })
    }
}
