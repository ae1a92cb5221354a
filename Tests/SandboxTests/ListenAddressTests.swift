import Testing

@testable import Sandbox

@Suite("ListenAddress")
struct ListenAddressTests {
    @Test(arguments: [
        ("127.0.0.1:8090", true), ("localhost:0", true), ("[::1]:8090", true),
        ("0.0.0.0:8090", false), ("127.example.com:1", false), ("[::]:1", false),
    ])
    func loopbackAddressesAreToldFromOthers(text: String, isLoopback: Bool) throws {
        let address = try #require(ListenAddress(argument: text))
        #expect(address.isLoopback == isLoopback)
        #expect(address.description == text)
    }

    @Test(arguments: ["8090", "host:", ":1", "::1:80", "host:70000"])
    func whatIsNoAddressIsNone(text: String) {
        #expect(ListenAddress(argument: text) == nil)
    }
}
