import Testing

@testable import Bridge

@Suite struct OriginTests {
    @Test(arguments: [
        ("HTTPS://Bridge.Example.com/", "https://bridge.example.com"),
        ("https://bridge.example.com:443", "https://bridge.example.com"),
        ("https://bridge.example.com:80", "https://bridge.example.com:80"),
        ("http://LOCALHOST:80", "http://localhost"),
        ("http://localhost:443", "http://localhost:443"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("https://[2001:DB8:0:0::A]:443", "https://[2001:db8::a]"),
        ("http://[0:0:0:0:0:0:0:1]:8080", "http://[::1]:8080"),
    ])
    func isWrittenAsBrowsersWriteIt(text: String, written: String) {
        #expect(Origin(text)?.description == written)
    }

    @Test(arguments: [
        "bridge.example.com", "ftp://bridge.example.com", "https://", "https://a.example/path",
        "https://a.example:", "https://a.example:0", "https://a.example:070", "https://a@b.example",
    ])
    func isNothingElse(text: String) {
        #expect(Origin(text) == nil)
    }

    @Test func aURLKeepsItsPathAsItIsWritten() {
        let url = WebAddress("https://Shop.Example:443/Answers?Key=A")
        #expect(url?.description == "https://Shop.Example:443/Answers?Key=A")
        #expect(url?.origin.host == "shop.example")
    }
}
