import ExactJSON
import Outbox
import Testing

@testable import GenesysCloud

struct ConversationRequestTests {
    let accepted = Timestamp(milliseconds: 1_772_615_564_120)

    func request(
        _ message: Message, _ target: RouteTarget = RouteTarget(.queue("q")),
        _ fields: Set<ShopProfile.PersonalField> = [.id, .name, .email, .locale],
        waited: Duration = .zero, isPossibleDuplicate: Bool = false
    ) -> JSON {
        let id = EntryID(rawValue: accepted.milliseconds << 20 | 7)
        let entry = Entry(
            id: id, message: MessageID(rawValue: id.rawValue), shop: ShopName("acme"),
            thread: ThreadKey("thread-31"), lane: LaneID(rawValue: 1), route: .default,
            state: .sending, dueAt: nil, tries: 0, reason: nil, reference: nil,
            isPossibleDuplicate: isPossibleDuplicate)
        return ConversationRequest(
            provider: "Acme Bridge", entry: entry, message: message, target: target,
            shop: ShopProfile(toName: "Acme", personalFields: fields), now: accepted + waited
        ).json
    }

    let message = Message(
        subject: "Where is it?", body: "secret words",
        customer: Customer(
            id: "115310627314723954", email: "zoe@example.com", name: "Zoë", phone: "+49 30 1"),
        order: Order(
            id: "820982911946154508", number: "#9999", currency: "EUR", total: "1.10",
            url: "https://shop.example/9999",
            items: [.init(sku: "A1", name: "Pink thing", quantity: "2"), .init(sku: "B2")]),
        attributes: [Attribute("vip", "true")])

    @Test func carriesTheMarkerTheCustomerAndTheOrder() {
        let json = request(message)
        let marker = EntryID(rawValue: accepted.milliseconds << 20 | 7).description
        #expect(json["provider"]?.string == "Acme Bridge")
        #expect(json["direction"]?.string == "INBOUND")
        #expect(json["queueId"]?.string == "q")
        #expect(json["flowId"] == nil)
        #expect(json["toAddress"]?.string == marker)
        #expect(json["toName"]?.string == "Acme")
        #expect(json["fromName"]?.string == "Zoë")
        #expect(json["fromAddress"]?.string == "zoe@example.com")
        #expect(json["subject"]?.string == "Where is it?")
        #expect(
            json["attributes"]
                == [
                    "bridge.key": .string(marker), "bridge.last": .string(marker),
                    "bridge.thread": "thread-31",
                    "bridge.shop": "acme", "bridge.received_at": "2026-03-04T09:12:44.120Z",
                    "customer.id": "115310627314723954", "customer.name": "Zoë",
                    "customer.email": "zoe@example.com", "order.id": "820982911946154508",
                    "order.number": "#9999", "order.total": "1.10", "order.currency": "EUR",
                    "order.url": "https://shop.example/9999", "vip": "true",
                    "order.items": "2 × Pink thing (A1); B2",
                ])
    }

    @Test func neverCarriesTheWordsOfTheMessage() {
        #expect(!request(message).text.contains("secret words"))
    }

    @Test func keepsPersonalFieldsTheShopDoesNotGive() {
        let json = request(message, RouteTarget(.queue("q")), [.id])
        #expect(!json.text.contains("Zo"))
        #expect(!json.text.contains("zoe@"))
        #expect(!json.text.contains("+49"))
        #expect(json["fromAddress"]?.string == "115310627314723954")
        #expect(json["fromName"]?.string == "115310627314723954")
    }

    @Test func givesTheTimeWaitedBackAsPriorityUpToTheCap() {
        let target = RouteTarget(.queue("q"), priority: 5, priorityPerMinute: 2, priorityCap: 30)
        #expect(request(message, target)["priority"]?.integer == 5)
        #expect(request(message, target, waited: .seconds(119))["priority"]?.integer == 7)
        #expect(request(message, target, waited: .seconds(86_400))["priority"]?.integer == 35)
        #expect(request(message)["priority"] == nil)
    }

    @Test func routesByFlowSkillsLanguageAndLabel() {
        let json = request(
            message,
            RouteTarget(.flow("f"), skillIDs: ["s1", "s2"], languageID: "l", utilizationLabel: "u"))
        #expect(json["flowId"]?.string == "f")
        #expect(json["queueId"] == nil)
        #expect(json["skillIds"] == ["s1", "s2"])
        #expect(json["languageId"]?.string == "l")
        #expect(json["utilizationLabel"]?.string == "u")
    }

    @Test func findsASubjectWhereTheShopGaveNone() {
        #expect(
            request(Message(body: "x", customer: Customer(id: "1"), order: Order(id: "7")))[
                "subject"]?.string == "Order 7")
        #expect(
            request(Message(body: "x", customer: Customer(id: "1")))["subject"]?.string
                == "New message")
    }

    @Test func countsWhatDoesNotFit() {
        var crowded = message
        crowded.attributes = (0..<50).map { Attribute("extra\($0)", "value") }
        let attributes = request(crowded)["attributes"]
        guard case .object(let members)? = attributes else { return #expect(Bool(false)) }
        #expect(members.count == 50)
        #expect(attributes?["bridge.omitted"]?.string == "15")
        #expect(attributes?["order.items"] == nil)
    }

    @Test func tellsTheAgentOfAPossibleDuplicate() {
        let json = request(message, isPossibleDuplicate: true)
        #expect(json["subject"]?.string == "[possible duplicate] Where is it?")
        #expect(json["attributes"]?["bridge.possible_duplicate"]?.string == "true")
        #expect(request(message)["attributes"]?["bridge.possible_duplicate"] == nil)
        var long = message
        long.subject = String(repeating: "a", count: 400)
        let subject = request(long, isPossibleDuplicate: true)["subject"]?.string
        #expect(subject?.count == 400)
        #expect(subject?.hasPrefix("[possible duplicate] a") == true)
    }
}
