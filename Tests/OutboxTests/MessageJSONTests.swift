import ExactJSON
import Outbox
import Testing

@Suite struct MessageJSONTests {
    @Test func theShortestMessageHasTheDefaults() throws {
        let message = try read(#"{"message":{"body":"hi"},"customer":{"email":"a@example.com"}}"#)
        #expect(message == Message(body: "hi", customer: Customer(email: "a@example.com")))
    }

    @Test func everyMemberOfTheSchemaIsRead() throws {
        let message = try read(
            """
            {"message": {"id": 57, "subject": "Parcel?", "body": "Hallo,\\nwo ist es? 😕",
              "body_type": "html", "direction": "staff", "sent_at": "2026-03-04T09:12:40.5+01:00",
              "in_reply_to": "m-1", "attachments": [{"name": "a.jpg", "content_type": "image/jpeg",
              "size": 48213, "url": "https://shop.example/a.jpg", "content": null}], "more": 1},
             "customer": {"id": 115310627314723954, "email": "zoe@example.com", "name": "Zoë Müller",
              "first_name": "Zoë", "last_name": "Müller", "phone": "+49 30", "locale": "de-DE",
              "company": "Müller KG"},
             "order": {"id": 820982911946154508, "number": "#9999", "status": "paid",
              "fulfillment_status": "pending", "currency": "EUR", "total": 403.10,
              "created_at": "2026-03-01T10:00:00Z", "url": "https://shop.example/o/1",
              "item_count": 2, "items": [{"sku": "P", "name": "Pod", "quantity": 1.0,
              "price": "199.00"}, null]},
             "conversation": {"key": "thread-31"},
             "attributes": {"vip": true, "score": 1.10, "note": "x", "none": null},
             "reply_to": {"url": "http://169.254.169.254"}}
            """)
        let attachment = Attachment(
            name: "a.jpg", contentType: "image/jpeg", size: "48213",
            url: "https://shop.example/a.jpg")
        let customer = Customer(
            id: "115310627314723954", email: "zoe@example.com", name: "Zoë Müller",
            firstName: "Zoë", lastName: "Müller", phone: "+49 30", locale: "de-DE",
            company: "Müller KG")
        let order = Order(
            id: "820982911946154508", number: "#9999", status: "paid",
            fulfillmentStatus: "pending", currency: "EUR", total: "403.10",
            createdAt: "2026-03-01T10:00:00Z", url: "https://shop.example/o/1", itemCount: "2",
            items: [.init(sku: "P", name: "Pod", quantity: "1.0", price: "199.00")])
        #expect(
            message
                == Message(
                    shopID: "57", subject: "Parcel?", body: "Hallo,\nwo ist es? 😕",
                    bodyType: .html, direction: .staff, sentAt: "2026-03-04T09:12:40.5+01:00",
                    inReplyTo: "m-1", attachments: [attachment], customer: customer, order: order,
                    attributes: [
                        Attribute("vip", "true"), Attribute("score", "1.10"),
                        Attribute("note", "x"),
                    ], conversationKey: "thread-31"))
    }

    @Test func nullCountsAsAbsent() throws {
        let message = try read(
            """
            {"message": {"body": "hi", "subject": null, "sent_at": null, "in_reply_to": null,
              "attachments": null},
             "customer": {"id": "1", "email": null, "name": null, "phone": null},
             "order": null, "conversation": {"key": null}, "attributes": null}
            """)
        #expect(message == Message(body: "hi", customer: Customer(id: "1")))
    }

    @Test(arguments: [
        ("message", "null", "message"), ("message", "[]", "message"), ("message", "1", "message"),
        ("message", "{}", "message.body"), ("message", #"{"body":null}"#, "message.body"),
        ("message", #"{"body":""}"#, "message.body"),
        ("message", #"{"body":" \n\u0000"}"#, "message.body"),
        ("message", "{\"body\":\" \u{301}\"}", "message.body"),
        ("message", #"{"body":["x"]}"#, "message.body"), ("customer", "null", "customer"),
        ("customer", "{}", "customer"), ("customer", #"{"id":null,"email":null}"#, "customer"),
        ("customer", #"{"id":true}"#, "customer.id"), ("customer", #"{"id":""}"#, "customer.id"),
        ("customer", #"{"id":1.5}"#, "customer.id"), ("customer", #"{"id":1e17}"#, "customer.id"),
        ("customer", #"{"id":"a\u0000b"}"#, "customer.id"), ("order", "[]", "order"),
        ("order", #""9""#, "order"), ("conversation", #""x""#, "conversation"),
        ("conversation", #"{"key":7}"#, "conversation.key"),
        ("conversation", #"{"key":"a\nb"}"#, "conversation.key"),
        ("attributes", "[]", "attributes"), ("attributes", #"{"a":[]}"#, "attributes.a"),
        ("attributes", #"{"a":{}}"#, "attributes.a"), ("attributes", #"{"":1}"#, "attributes"),
        ("attributes", #"{"bridge.key":"x"}"#, "attributes.bridge.key"),
        ("attributes", #"{"customer.id":"x"}"#, "attributes.customer.id"),
        ("attributes", #"{"order.x":null}"#, "attributes.order.x"),
    ])
    func whatTheSchemaRefusesIsRefusedByName(member: String, value: String, field: String) {
        var members = [
            "message": #"{"body":"hi"}"#, "customer": #"{"id":"1"}"#,
        ]
        members[member] = value
        let text = members.map { "\"\($0.key)\":\($0.value)" }.joined(separator: ",")
        #expect(error(in: "{\(text)}")?.field == field)
    }

    @Test(arguments: [
        ("id", "null"), ("id", "{}"), ("id", "-1.0"), ("subject", "1"), ("body_type", "\"auto\""),
        ("body_type", "null"), ("direction", "\"agent\""), ("direction", "null"),
        ("in_reply_to", "5"), ("attachments", "{}"), ("attachments[0]", "[1]"),
        ("attachments[0].name", "[{}]"), ("attachments[0].name", #"[{"name":null}]"#),
        ("attachments[0].size", #"[{"name":"a","size":-1}]"#),
        ("attachments[0].size", #"[{"name":"a","size":"1"}]"#),
        ("attachments[0].url", #"[{"name":"a","url":"file:///etc/passwd"}]"#),
        ("attachments[1].url", #"[{"name":"a"},{"name":"a","url":"https://"}]"#),
        ("attachments[0].content", #"[{"name":"a","content":"aGk="}]"#),
    ])
    func aMembersPlaceIsNamed(field: String, value: String) {
        let name = field.prefix { $0 != "[" }
        #expect(
            error(
                in: "{\"message\":{\"body\":\"hi\",\"\(name)\":\(value)},\"customer\":{\"id\":1}}")?
                .field == "message.\(field)")
    }

    @Test(arguments: [
        ("total", "\"1e5\""), ("total", "\"1234567890123456\""), ("total", "\"1.1234567\""),
        ("total", "\"\""), ("total", "\"12.\""), ("total", "\"€12\""), ("total", "true"),
        ("currency", "\"EUROPEANS\""), ("url", "\"javascript:alert(1)\""),
        ("url", "\"//shop.example\""), ("url", "\"https://a b\""), ("url", "\"https:///x\""),
        ("url", "\"https://\u{301}x\""),
        ("url", "\"https://a/\\n\""), ("item_count", "1.5"), ("item_count", "-1"),
        ("item_count", "\"2\""), ("created_at", "\"yesterday\""), ("items", "{}"),
        ("items[0]", "[1]"), ("items[1].sku", #"[{},{"sku":5}]"#),
        ("items[0].quantity", #"[{"quantity":"1"}]"#), ("items[0].price", #"[{"price":"1,2,3"}]"#),
    ])
    func anOrdersPlaceIsNamed(field: String, value: String) {
        let name = field.prefix { $0 != "[" }
        #expect(
            error(
                in: """
                    {"message":{"body":"hi"},"customer":{"id":1},"order":{"\(name)":\(value)}}
                    """)?.field == "order.\(field)")
    }

    @Test(arguments: [
        ("403.00", "\"403.00\""), ("-12,5", "\"-12,5\""), ("007", "\"007\""), ("1.10", "1.10"),
        ("1e400", "1e400"), ("0.1234567", "0.1234567"),
    ])
    func anAmountKeepsItsText(text: String, json: String) throws {
        let message = try read(
            #"{"message":{"body":"hi"},"customer":{"id":1},"order":{"total":\#(json)}}"#)
        #expect(message.order?.total == text)
        #expect(try Message(payload: message.payload) == message)
    }

    @Test(arguments: [
        ("2026-03-04T09:12:44Z", true), ("2026-03-04t09:12:44.123456789z", true),
        ("2026-03-04T09:12:44-23:59", true), ("2024-02-29T00:00:00Z", true),
        ("2016-12-31T23:59:60Z", true), ("2026-02-29T00:00:00Z", false),
        ("2026-13-01T00:00:00Z", false), ("2026-03-04T24:00:00Z", false),
        ("2026-03-04T09:60:00Z", false), ("2026-03-04T09:12:44", false),
        ("2026-03-04 09:12:44Z", false), ("2026-03-04T09:12:44.Z", false),
        ("2026-03-04T09:12:44+0100", false), ("2026-03-04T09:12:44+24:00", false),
        ("2026-03-04T09:12:44ZZ", false), ("2026\u{d}03\u{d}04T09:12:44Z", false), ("", false),
    ])
    func aDateTimeIsThatOfRFC3339(text: String, isOne: Bool) {
        let json = JSON.object([
            .init("message", ["body": "hi", "sent_at": .string(text)]),
            .init("customer", ["id": 1]),
        ])
        #expect(((try? Message(json: json))?.sentAt == text) == isOne)
    }

    @Test(arguments: [
        ("zoë@müller.example", true), ("a@b", true), ("\"a.b\"@c", true), ("a@b@c", false),
        ("@b", false), ("a@", false), ("a", false), ("", false), ("a@b\r\nBcc: c@d", false),
        ("a b@c", false), ("a@b,c@d", false), ("<a@b>", false), ("a@b\u{a0}", false),
    ])
    func anEmailIsOneAddress(text: String, isOne: Bool) {
        let json = JSON.object([
            .init("message", ["body": "hi"]), .init("customer", ["email": .string(text)]),
        ])
        #expect(((try? Message(json: json))?.customer.email == text) == isOne)
    }

    @Test func boundsCountCharactersAndNotBytes() throws {
        func message(subject count: Int) -> JSON {
            [
                "message": [
                    "body": "hi", "subject": .string(String(repeating: "😕", count: count)),
                ],
                "customer": ["id": 1],
            ]
        }
        #expect(try Message(json: message(subject: 998)).subject?.count == 998)
        #expect(
            throws: FieldError(field: "message.subject", problem: "is longer than 998 characters")
        ) {
            try Message(json: message(subject: 999))
        }
    }

    @Test(arguments: [
        ("attachments", 20, #"{"name":"a"}"#, "message.attachments"),
        ("items", 2000, "{}", "order.items"),
    ])
    func listsHaveABound(name: String, most: Int, element: String, field: String) {
        func text(_ count: Int) -> String {
            let list = Array(repeating: element, count: count).joined(separator: ",")
            return name == "items"
                ? #"{"message":{"body":"hi"},"customer":{"id":1},"order":{"items":[\#(list)]}}"#
                : #"{"message":{"body":"hi","attachments":[\#(list)]},"customer":{"id":1}}"#
        }
        #expect(error(in: text(most)) == nil)
        #expect(error(in: text(most + 1))?.field == field)
    }

    @Test func attributesHaveABound() {
        func text(_ count: Int, name: String = "n") -> String {
            let pairs = (0..<count).map { "\"\(name)\($0)\":\($0)" }.joined(separator: ",")
            return #"{"message":{"body":"hi"},"customer":{"id":1},"attributes":{\#(pairs)}}"#
        }
        #expect(error(in: text(50)) == nil)
        #expect(error(in: text(51))?.field == "attributes")
        #expect(error(in: text(1, name: String(repeating: "n", count: 64)))?.field == "attributes")
    }

    @Test func aLineStaysOneLine() throws {
        let message = try read(
            """
            {"message": {"body": "a\\r\\n\\tb\\u0000\\u001bc", "subject": "x\\r\\nBcc: y"},
             "customer": {"id": "1", "name": "A\\u0085B"}}
            """)
        #expect(message.body == "a\r\n\tbc")
        #expect(message.subject == "x  Bcc: y")
        #expect(message.customer.name == "A B")
    }

    @Test func noErrorTellsWhatTheCustomerWrote() {
        for field in ["subject", "sent_at", "direction", "in_reply_to", "attachments"] {
            let secret = String(repeating: "Geheimnis", count: 200)
            let problem = error(
                in: #"{"message":{"body":"hi","\#(field)":"\#(secret)"},"customer":{"id":1}}"#)
            #expect(problem != nil && problem?.description.contains("Geheimnis") == false)
        }
    }
}

private func read(_ text: String) throws -> Message {
    try Message(json: JSON(parsing: text.utf8))
}

private func error(in text: String) -> FieldError? {
    do {
        _ = try Message(json: JSON(parsing: text.utf8))
        return nil
    } catch let error as FieldError {
        return error
    } catch {
        Issue.record(error)
        return nil
    }
}
