import ExactJSON
import Outbox
import TestSupport
import Testing

@testable import ShopCallback

struct NoticeTests {
    let scene = Scene()

    func notice(
        _ content: Content, naming: AgentNaming = .first, aliases: [String: String] = [:]
    ) throws -> JSON {
        let names = AgentNames(naming: naming, aliases: aliases, team: "Acme")
        return try JSON(parsing: Notice(content, of: scene.entry, names: names).body)
    }

    @Test func anAnswerHasTheShapeThatShopsRead() throws {
        let id = scene.entry.id.description
        let expected: JSON = [
            "type": "agent.reply", "id": .string("evt_\(id)"),
            "timestamp": "2026-03-04T09:12:44.120Z",
            "data": [
                "conversation": [
                    "key": "thread-31", "genesys_conversation_id": "conversation-1",
                ],
                "reply": [
                    "id": .string(id), "body": "Ihr Paket ist unterwegs.", "body_html": .null,
                    "agent": ["id": "agent-1", "name": "Sam"],
                    "sent_at": "2026-03-04T09:12:44.120Z",
                    "attachments": [
                        [
                            "name": "label.pdf", "content_type": "application/pdf",
                            "size": 48213, "url": "https://files.example/label.pdf",
                        ]
                    ],
                ],
                "in_reply_to": [
                    "message_id": "m-57", "event_id": "evt_01JZ8Q4W8M7G2V5X9N3T6R1C0D",
                ],
                "customer": ["id": "115310627314723954", "email": "zoe@example.com"],
                "order": ["id": "820982911946154508", "number": "#9999"],
            ],
        ]
        #expect(try notice(.message(scene.answer)) == expected)
    }

    @Test func whatAnAnswerDoesNotHaveIsNull() throws {
        let answer = Message(
            body: "Hi", direction: .staff, authorship: Authorship(agent: Agent(id: "agent-1")),
            customer: Customer(email: "zoe@example.com"))
        let data = try #require(try notice(.message(answer))["data"])
        #expect(data["conversation"]?["genesys_conversation_id"] == .null)
        #expect(data["reply"]?["agent"] == ["id": "agent-1", "name": .null])
        #expect(data["reply"]?["attachments"] == [])
        #expect(data["in_reply_to"] == ["message_id": .null, "event_id": .null])
        #expect(data["customer"] == ["id": .null, "email": "zoe@example.com"])
        #expect(data["order"] == ["id": .null, "number": .null])
    }

    @Test func anEventHasWhatIsKnownOfIt() throws {
        let event = Event(
            .conversationEnded, at: Timestamp(milliseconds: 1_772_615_598_000),
            conversation: "conversation-1", agent: Agent(id: "agent-1", name: "Sam Miller"),
            queue: Queue(id: "queue-1", name: "Orders"), end: .agent,
            wrapUp: WrapUp(code: "code-1", name: "Solved", notes: nil), answered: true)
        let expected: JSON = [
            "type": "conversation.ended", "id": .string("evt_\(scene.entry.id)"),
            "timestamp": "2026-03-04T09:13:18.000Z",
            "data": [
                "conversation": [
                    "key": "thread-31", "genesys_conversation_id": "conversation-1",
                ],
                "at": "2026-03-04T09:13:18.000Z",
                "agent": ["id": "agent-1", "name": "Sam"],
                "queue": ["id": "queue-1", "name": "Orders"], "end_reason": "agent",
                "wrap_up": ["code": "code-1", "name": "Solved", "notes": .null],
                "answered": true, "status": .null, "message": .null, "reason": .null,
            ],
        ]
        #expect(try notice(.event(event)) == expected)
    }

    @Test func anEventOfAMessageNamesItAndSaysWhy() throws {
        let message = MessageID(rawValue: 7)
        let dead = Event(
            .messageDead, at: scene.clock.now, message: message, shopMessageID: "m-57",
            reason: "refused")
        let data = try #require(try notice(.event(dead))["data"])
        #expect(
            data["message"] == ["id": .string(message.description), "message_id": "m-57"])
        #expect(data["reason"] == "refused")
        #expect(data["agent"] == .null)
        let status = Event(.threadStatus, at: scene.clock.now, status: .withAgent)
        #expect(try notice(.event(status))["data"]?["status"] == "with_agent")
    }

    private static let called: [(AgentNaming, String?, String?)] = [
        (.full, "Sam Miller", "Sam Miller"), (.first, "Sam Miller", "Sam"),
        (.alias, "Sam Miller", "Robin"), (.team, "Sam Miller", "Acme"), (.full, nil, nil),
        (.first, nil, nil), (.first, "  ", nil), (.alias, nil, "Robin"), (.team, nil, "Acme"),
    ]

    @Test(arguments: called)
    func anAgentIsCalledAsTheShopHasIt(
        naming: AgentNaming, name: String?, expected: String?
    ) throws {
        var answer = scene.answer
        answer.authorship?.agent.name = name
        let json = try notice(
            .message(answer), naming: naming, aliases: ["agent-1": "Robin"])
        #expect(
            json["data"]?["reply"]?["agent"] == ["id": "agent-1", "name": JSON(expected)])
    }

    @Test func withoutAnAliasItIsTheFirstNameAndATeamIsCalledAsItsQueue() {
        let agent = Agent(id: "agent-1", name: "Sam Miller")
        let alias = AgentNames(naming: .alias, aliases: ["agent-2": "Robin"], team: "Acme")
        #expect(alias.name(of: agent, in: nil) == "Sam")
        let team = AgentNames(naming: .team, aliases: [:], team: "Acme")
        #expect(team.name(of: agent, in: Queue(id: "q", name: "Orders")) == "Orders")
        #expect(team.name(of: agent, in: Queue(id: "q")) == "Acme")
    }
}

struct SigningSecretTests {
    /// The example of Standard Webhooks itself.
    @Test func signsAsTheStandardDoes() throws {
        let secret = try #require(SigningSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
        let signature = secret.signature(
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek", seconds: 1_614_265_330,
            body: Array(#"{"test": 2432232314}"#.utf8))
        #expect(signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    }

    @Test func readsBase64WithoutPaddingAndNoneThatIsBroken() throws {
        func signature(_ text: String) throws -> String {
            try #require(SigningSecret(text)).signature(id: "a", seconds: 1, body: [])
        }
        #expect(try signature("whsec_AAECAw==") == signature("whsec_AAECAw"))
        #expect(SigningSecret("whsec_!") == nil)
        #expect(SigningSecret("whsec_") == nil)
        #expect(SigningSecret("") == nil)
    }
}

struct CallbackPolicyTests {
    let scene = Scene()

    @Test func triesForThreeDays() {
        let waits = RetryPolicy.callbackSchedule
        #expect(waits.prefix(3) == [.seconds(5), .seconds(300), .seconds(1800)])
        #expect(waits.reduce(.zero, +) > RetryPolicy.callback().lifetime)
        let policy = RetryPolicy.callback()
        let verdict = policy.verdict(
            on: .failed(after: nil, "500"), of: scene.entry, age: .zero, now: scene.clock.now,
            chance: 0.5)
        #expect(
            verdict == .retry(at: scene.clock.now + .seconds(5), counts: true, reason: "500"))
    }
}
