import ExactJSON
import Foundation
import Outbox
import Sandbox
import TestSupport
import Testing

@testable import GenesysCloud

/// What the flat shape of topics and `GET /api/v2/conversations/emails/{id}` means, and odd ones.
@Suite(.timeLimit(.minutes(15)))
struct ObservationTests {
    /// A side: purpose, state, and further members.
    struct Side: Sendable, CustomTestStringConvertible {
        var purpose: String
        var state: String
        var more: [String: String] = [:]

        init(_ purpose: String, _ state: String, _ more: [String: String] = [:]) {
            self.purpose = purpose
            self.state = state
            self.more = more
        }

        var testDescription: String { "\(purpose) \(state) \(more)" }

        var json: JSON {
            var members: [(String, JSON)] = [
                ("purpose", .string(purpose)), ("state", .string(state)), ("provider", "Acme"),
            ]
            for (name, value) in more {
                switch name {
                case "user", "queue": members.append((name, ["id": .string(value)]))
                case "wrapup": members.append((name, ["code": .string(value)]))
                default: members.append((name, .string(value)))
                }
            }
            return JSON(members: members)
        }
    }

    func seen(_ sides: [Side]) -> Observation? {
        Observation(
            email: ["id": "c", "participants": .array(sides.map(\.json))], provider: "Acme")
    }

    static let customer = Side("customer", "connected")
    static let queue = Side(
        "acd", "connected", ["queue": "q1", "name": "Support", "startTime": at(1)])

    static func at(_ second: Int) -> String { "2026-01-15T10:00:0\(second).000Z" }

    @Test(
        arguments: [
            ([customer], .waiting, nil), ([customer, queue], .waiting, nil),
            ([Side("external", "connected"), queue], .waiting, nil),
            ([customer, queue, Side("agent", "alerting", ["user": "sam"])], .alerting, "sam"),
            ([customer, queue, Side("agent", "contacting", ["user": "sam"])], .alerting, "sam"),
            ([customer, queue, Side("user", "offering", ["user": "sam"])], .alerting, "sam"),
            ([customer, Side("agent", "connected", ["user": "sam"])], .withAgent, "sam"),
            ([customer, Side("agent", "transmitting", ["user": "sam"])], .withAgent, "sam"),
            (
                [customer, Side("agent", "connected", ["user": "sam", "held": "true"])], .withAgent,
                "sam"
            ),
            (
                [customer, Side("agent", "parked", ["user": "sam", "connectedTime": at(2)])],
                .parked, "sam"
            ),
            (
                [
                    customer,
                    Side("agent", "disconnected", ["user": "sam", "connectedTime": at(2)]),
                    Side("agent", "alerting", ["user": "robin"]),
                ], .alerting, "robin"
            ),
            (
                [
                    customer, Side("agent", "terminated", ["user": "sam", "connectedTime": at(2)]),
                    Side("agent", "disconnected", ["user": "robin"]), queue,
                ], .waiting, "sam"
            ),
            (
                [
                    Side("customer", "disconnected"),
                    Side(
                        "agent", "connected",
                        ["user": "sam", "endTime": at(3), "connectedTime": at(2)]),
                    Side("agent", "alerting", ["user": "robin"]),
                ], .ended, "sam"
            ),
            ([Side("customer", "unheard-of"), Side("ivr", "none")], .waiting, nil),
            ([Side("customer", "unheard-of", ["endTime": at(3)])], .ended, nil),
        ] as [([Side], ConversationStage, String?)])
    func tellsWhereItStandsAndWhoHasIt(
        sides: [Side], stage: ConversationStage, agent: String?
    ) throws {
        let observation = try #require(seen(sides))
        #expect(observation.stage == stage)
        #expect(observation.agent?.id == agent)
        #expect(observation.reference == "c")
        #expect((observation.end != nil) == (stage == .ended))
    }

    @Test func takesTheQueueOfTheNewestWait() throws {
        let second = Side(
            "acd", "connected", ["queue": "q2", "name": "Billing", "startTime": Self.at(2)])
        for sides in [[Self.customer, Self.queue, second], [Self.customer, second, Self.queue]] {
            #expect(seen(sides)?.queue == Queue(id: "q2", name: "Billing"))
        }
        #expect(
            seen([Side("customer", "connected", ["queue": "q3"])])?.queue == Queue(id: "q3"))
        #expect(seen([Self.customer])?.queue == nil)
    }

    @Test(arguments: [
        ([Side("agent", "alerting")], false), ([Side("agent", "disconnected")], false),
        ([Side("agent", "connected")], true), ([Side("agent", "parked")], true),
        ([Side("agent", "disconnected", ["connectedTime": at(2)])], true),
    ])
    func tellsWhetherAnAgentEverAcceptedIt(sides: [Side], isSo: Bool) {
        #expect(seen([Self.customer] + sides)?.wasAccepted == isSo)
    }

    @Test func takesTheWrapUpOfTheLastAgentUnlessItIsProvisional() {
        func agent(_ code: String, _ connected: Int) -> Side {
            Side("agent", "disconnected", ["wrapup": code, "connectedTime": Self.at(connected)])
        }
        let sides = [Self.customer, agent("second", 3), agent("first", 2)]
        #expect(seen(sides)?.wrapUp == WrapUp(code: "second"))
        #expect(WrapUp(["code": "x", "provisional": true]) == nil)
        #expect(WrapUp(["code": ""]) == nil)
        #expect(
            WrapUp(["code": "x", "name": "X", "notes": "n"])
                == WrapUp(code: "x", name: "X", notes: "n"))
    }

    /// The types of the customer's side, the last agent's and the queue's, with the second in which each ended.
    @Test(
        arguments: [
            ("peer", 5, "client", 5, nil, .agent), ("peer", 6, "client", 5, nil, .agent),
            ("client", 6, "client", 5, nil, .agent), ("client", 5, "client", 5, nil, .customer),
            ("client", 4, "client", 5, nil, .customer), ("client", 4, "peer", 5, nil, .customer),
            ("system", 5, "system", 5, nil, .system), ("timeout", 5, nil, 0, nil, .system),
            ("session.expired", 5, nil, 0, "peer", .system),
            ("inactivity", 5, nil, 0, nil, .system),
            ("client", 5, nil, 0, "peer", .customer), ("endpoint", 5, nil, 0, "peer", .customer),
            ("peer", 5, nil, 0, "peer", .customer), ("peer", 5, nil, 0, "client", .system),
            ("peer", 5, "transfer", 3, "peer", .customer), ("peer", 5, "peer", 5, nil, .unknown),
            ("error", 5, nil, 0, nil, .unknown), (nil, 5, nil, 0, nil, .unknown),
        ] as [(String?, Int, String?, Int, String?, ConversationEnd)])
    func tellsWhoEndedIt(
        customer: String?, left: Int, agent: String?, gone: Int, queue: String?,
        end: ConversationEnd
    ) {
        var sides = [Side("customer", "disconnected", ["endTime": Self.at(left)])]
        sides[0].more["disconnectType"] = customer
        if let queue {
            sides.append(
                Side("acd", "disconnected", ["disconnectType": queue, "endTime": Self.at(left)]))
        }
        if let agent {
            sides.append(
                Side(
                    "agent", "disconnected",
                    [
                        "disconnectType": agent, "endTime": Self.at(gone),
                        "connectedTime": Self.at(2),
                    ]))
        }
        #expect(seen(sides)?.end == end)
    }

    @Test func isNotEndedByAnAgentWhoOnlyDeclined() {
        let sides = [
            Side("customer", "disconnected", ["disconnectType": "system"]),
            Side("agent", "disconnected", ["disconnectType": "client"]),
        ]
        #expect(seen(sides)?.end == .system)
    }

    @Test(arguments: [
        #"{"id":"c","participants":[]}"#, #"{"id":"c"}"#, #"{"participants":[]}"#, "[]", "null",
        #"{"id":"","participants":[{"provider":"Acme"}]}"#,
        #"{"id":7,"participants":[{"provider":"Acme"}]}"#,
        #"{"id":"c","participants":{"provider":"Acme"}}"#,
        #"{"id":"c","participants":[{"provider":"other","purpose":"customer"}]}"#,
        #"{"id":"c","participants":[{"provider":"Acme","purpose":"agent"}]}"#,
        #"{"id":"c","participants":[null,7,[],"x"]}"#,
    ])
    func readsNothingOfWhatIsNotOurs(text: String) throws {
        let json = try JSON(parsing: text.utf8)
        #expect(Observation(email: json, provider: "Acme") == nil)
        for snapshot in [
            ConversationSnapshot(general: json), ConversationSnapshot(analytics: json),
        ] {
            #expect(snapshot.flatMap { Observation($0, provider: "Acme") } == nil)
        }
    }

    @Test func keepsWhatItCanReadOfOddMembers() throws {
        let json = try JSON(
            parsing: #"""
                {"id":"c","participants":[{"provider":"Acme","purpose":"CUSTOMER","state":7,
                "startTime":"yesterday","endTime":null,"attributes":[]},
                {"purpose":"agent","state":null,"user":"sam","queue":[],"wrapup":"x","connectedTime":1e400},
                {"purpose":"acd","queue":{"id":7,"name":"x"},"disconnectType":{}}, {"purpose":{}}]}
                """#.utf8)
        #expect(
            Observation(email: json, provider: "Acme")
                == Observation(reference: "c", stage: .waiting))
    }

    @Test(
        arguments: [
            ("2026-01-15T10:00:00.120Z", 1_768_471_200_120),
            ("2026-01-15T10:00:00Z", 1_768_471_200_000),
            ("2026-01-15T10:00:00", nil), ("", nil), ("9999999999999", nil),
            (String(repeating: "9", count: 100), nil),
        ] as [(String, Int64?)])
    func readsTimesWithFractionsAndWithout(text: String, milliseconds: Int64?) {
        let json: JSON = ["at": .string(text)]
        #expect(json.time("at")?.milliseconds == milliseconds)
    }
}
