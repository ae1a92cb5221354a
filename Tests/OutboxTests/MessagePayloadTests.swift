import ExactJSON
import Outbox
import Testing

@Suite struct MessagePayloadTests {
    @Test func everyMessageComesBackAsItWas() throws {
        var chance = SystemRandomNumberGenerator()
        for _ in 0..<300 {
            let message = Message.any(&chance)
            let again = try Message(payload: message.payload)
            #expect(again == message)
            #expect(again.payload == message.payload)
        }
    }

    @Test func theShortestPayloadIsShort() throws {
        let message = Message(body: "hi", customer: Customer(id: "1"))
        #expect(
            String(decoding: message.payload, as: UTF8.self)
                == #"{"message":{"body":"hi","body_type":"text","direction":"customer"},"customer":{"id":"1"}}"#
        )
    }

    @Test(arguments: ["", "{", "{}", "null", #"{"message":{"body":"hi"}}"#])
    func whatIsNoMessageIsRefused(text: String) {
        #expect(throws: FieldError.self) { try Message(payload: Array(text.utf8)) }
    }
}

extension Message {
    fileprivate static func any(_ chance: inout some RandomNumberGenerator) -> Message {
        func maybe<Value>(_ value: @autoclosure () -> Value) -> Value? {
            Bool.random(using: &chance) ? value() : nil
        }
        func text(_ most: Int) -> String {
            let letters = Array("aZ0 .,-\"\\/äß€😕👨‍👩‍👧\u{202E}e\u{301}<>&")
            return String(
                (0..<Int.random(in: 0...most, using: &chance)).map { _ in
                    letters[Int.random(in: letters.indices, using: &chance)]
                })
        }
        func id() -> String {
            maybe("x" + text(8)) ?? "\(UInt64.random(in: 0 ... .max, using: &chance))"
        }
        func amount() -> String {
            ["1.10", "0", "-3,5", "007.50", "1e400", "0.12345678901", "123456789012345678"]
                .randomElement(using: &chance) ?? ""
        }
        func items() -> [Order.Item] {
            (0..<Int.random(in: 0...3, using: &chance)).map { _ in
                Order.Item(
                    sku: maybe(text(9)), name: maybe(text(9)), quantity: maybe("1.50"),
                    price: maybe(amount()))
            }
        }
        let order = maybe(
            Order(
                id: maybe(id()), number: maybe("#" + id()), status: maybe(text(6)),
                fulfillmentStatus: maybe(text(6)), currency: maybe("EUR"), total: maybe(amount()),
                createdAt: maybe("2026-03-04T09:12:44Z"),
                url: maybe("https://shop.example/ä?b=1#c"),
                itemCount: maybe("20"), items: items()))
        let attachments = (0..<Int.random(in: 0...2, using: &chance)).map { _ in
            Attachment(
                name: text(9), contentType: maybe("image/png"), size: maybe("9007199254740993"),
                url: maybe("http://shop.example/a.png"),
                file: maybe(FileID(rawValue: .random(in: 0 ... .max, using: &chance))))
        }
        return Message(
            shopID: maybe(id()), subject: maybe(text(20)), body: "b\r\n\t" + text(200),
            bodyType: maybe(.html) ?? .text,
            direction: Direction.allCases.randomElement(using: &chance) ?? .system,
            sentAt: maybe("2026-03-04T09:12:44.5+01:00"), inReplyTo: maybe(text(9)),
            attachments: attachments,
            customer: Customer(
                id: id(), email: maybe("zoë@example.com"), name: maybe(text(9)),
                firstName: maybe(text(9)), lastName: maybe(text(9)), phone: maybe("+49 30 1234"),
                locale: maybe("de-DE"), company: maybe(text(9))),
            order: order,
            attributes: (0..<Int.random(in: 0...4, using: &chance)).map {
                Attribute("name \($0)", text(30))
            },
            conversationKey: maybe(id()))
    }
}
