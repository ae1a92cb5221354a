import ExactJSON
import Outbox
import Testing

@Suite struct PostingTests {
    private let short: [JSON.Member] = [
        .init("message", ["body": "hi"]), .init("customer", ["id": "1"]),
    ]

    @Test func bothFormsAreTheSameMessage() throws {
        let bare = try Posting(json: .object(short + [.init("id", "e1")]))
        let wrapped = try Posting(
            json: [
                "type": "customer.message", "id": "e1", "timestamp": "2026-03-04T09:12:44.120Z",
                "source": "shop-de", "data": .object(short),
            ])
        #expect(bare == wrapped)
        #expect(bare.id == "e1")
        #expect(bare.message == Message(body: "hi", customer: Customer(id: "1")))
    }

    /// Else a shop could have another's file given to a customer, or speak as an agent.
    @Test func noShopSetsWhatOnlyAnAgentsMessageHas() throws {
        let file = FileID(rawValue: 7).description
        let posting = try Posting(
            json: [
                "message": [
                    "body": "hi", "authorship": ["agent": "a1"],
                    "attachments": [["name": "a", "file": .string(file)]],
                ],
                "customer": ["id": "1"],
            ])
        #expect(posting.message.authorship == nil)
        #expect(posting.message.attachments == [Attachment(name: "a")])
        let odd = try Posting(
            json: [
                "message": ["body": "hi", "attachments": [["name": "a", "file": 5]]],
                "customer": ["id": "1"],
            ])
        #expect(odd.message.attachments == [Attachment(name: "a")])
    }

    @Test func theRouteStandsInDataOrBesideIt() throws {
        let route = JSON.Member("route", "vip")
        #expect(try Posting(json: .object(short + [route])).route == RouteName("vip"))
        #expect(try Posting(json: ["data": .object(short + [route])]).route == RouteName("vip"))
        #expect(
            try Posting(json: .object([route, .init("data", .object(short))])).route
                == RouteName("vip"))
        #expect(try Posting(json: .object(short)).route == nil)
    }

    @Test func anErrorInsideDataSaysSo() {
        #expect(
            throws: FieldError(field: "data.message", problem: "is missing")
        ) { try Posting(json: ["data": ["customer": ["id": "1"]]]) }
        #expect(throws: FieldError(field: "message", problem: "is missing")) {
            try Posting(json: ["customer": ["id": "1"]])
        }
        #expect(throws: FieldError(field: "", problem: "has to be an object")) {
            try Posting(json: [1])
        }
    }

    @Test(
        arguments: [
            ("type", .string("customer message")), ("type", .string("a..b")), ("type", .string("")),
            ("type", .string(String(repeating: "a", count: 129))), ("type", .null), ("id", .null),
            ("id", .string("")), ("id", .bool(true)), ("timestamp", .string("now")),
            ("timestamp", .null), ("source", 1), ("source", .null), ("data", .null), ("data", []),
            ("route", []),
        ] as [(String, JSON)])
    func theEnvelopeHasBoundsToo(name: String, value: JSON) {
        do {
            _ = try Posting(json: .object(short + [.init(name, value)]))
            Issue.record("\(name) \(value) was accepted")
        } catch {
            #expect(error.field == name)
        }
    }
}
