import Outbox
import Testing

@Suite struct NameTests {
    /// As the store keeps them apart, where Swift holds both texts for equal.
    @Test func twoWaysToWriteAnEAreTwoNames() {
        let one = ThreadKey("caf\u{E9}")
        let other = ThreadKey("cafe\u{301}")
        #expect(one.description == other.description && one != other)
        #expect(Set([one, other, ThreadKey("caf\u{E9}")]).count == 2)
        #expect(ThreadName(ShopName("a"), one) != ThreadName(ShopName("a"), other))
    }

    @Test(arguments: [
        ("3f6a0c1e-0000-4000-8000-00000000000F", true), ("", false),
        ("3f6a0c1e-0000-4000-8000-00000000000", false),
        ("3f6a0c1e-0000-4000-8000-00000000000g", false),
        ("3f6a0c1e00000-4000-8000-000000000000", false),
        (" f6a0c1e-0000-4000-8000-000000000000", false),
        ("3f6a0c1e-0000-4000-8000-000000000000\u{0}x", false),
    ])
    func anIDOfGenesysIsWrittenAsItWritesIt(_ text: String, _ isOne: Bool) {
        #expect(text.isUUID == isOne)
    }
}
