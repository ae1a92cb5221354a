import CurlTransport
import Testing

struct IPAddressTests {
    @Test(arguments: [
        "0.0.0.0", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.127.255.255", "127.0.0.1",
        "127.9.9.9", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8",
        "192.168.0.1", "198.18.0.1", "224.0.0.1", "239.255.255.255", "240.0.0.1",
        "255.255.255.255", "::", "::1", "fe80::1", "febf::1", "fec0::1", "fc00::1", "fdff::1",
        "ff02::1", "::ffff:10.0.0.1", "::ffff:127.0.0.1", "::127.0.0.1", "64:ff9b::10.0.0.1",
        "64:ff9b:1::1", "2002:0a00:0001::1", "2001::1", "2001:db8::1", "100::1",
    ])
    func isNotPublic(text: String) throws {
        let address = try #require(IPAddress(text))
        #expect(!address.isPublic)
    }

    @Test(arguments: [
        "1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.0.0.1",
        "128.0.0.1", "169.253.0.1", "172.15.255.255", "172.32.0.0", "192.167.255.255",
        "192.169.0.0", "223.255.255.255", "2606:4700::1111", "2a00:1450:4001::200e",
        "::ffff:1.1.1.1", "64:ff9b::1.1.1.1", "2002:0101:0101::1",
    ])
    func isPublic(text: String) throws {
        let address = try #require(IPAddress(text))
        #expect(address.isPublic)
    }

    @Test func isWrittenAsItIsRead() {
        #expect(IPAddress("10.1.2.3")?.description == "10.1.2.3")
        #expect(IPAddress("2001:DB8:0::1")?.description == "2001:db8::1")
        #expect(IPAddress("::ffff:10.1.2.3") == IPAddress("10.1.2.3"))
    }

    @Test(arguments: ["", "10.1.2", "10.1.2.3.4", "0x7f.0.0.1", "2130706433", "[::1]", "localhost"])
    func readsNothingElse(text: String) {
        #expect(IPAddress(text) == nil)
    }
}

struct IPNetworkTests {
    @Test(arguments: [
        ("10.0.0.0/8", "10.255.0.1", "11.0.0.0"), ("10.20.30.40", "10.20.30.40", "10.20.30.41"),
        ("172.16.0.0/12", "172.31.9.9", "172.32.0.0"), ("fd00::/8", "fd12::1", "fc00::1"),
        ("10.0.0.0/8", "::ffff:10.0.0.1", "::1"), ("0.0.0.0/0", "203.0.113.1", "::1"),
        ("192.168.1.128/25", "192.168.1.200", "192.168.1.127"),
    ])
    func containsWhatBeginsAsItDoes(network: String, inside: String, outside: String) throws {
        let network = try #require(IPNetwork(network))
        let (inside, outside) = (IPAddress(inside), IPAddress(outside))
        #expect(network.contains(try #require(inside)))
        #expect(!network.contains(try #require(outside)))
    }

    @Test(arguments: [
        "", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8/8", "10.1.2.3/8",
        "10.0.0/8", "fd00::/129", "localhost", "::ffff:10.0.0.0/104",
    ])
    func readsNothingElse(text: String) {
        #expect(IPNetwork(text) == nil)
    }
}
