import Foundation
import Sandbox
import Testing

@Suite("CreateEmailRequest", .timeLimit(.minutes(15)))
struct CreateEmailRequestTests {
    struct Refusal: Sendable, CustomTestStringConvertible {
        let why: String
        let code: String
        var field: String?
        let change: @Sendable (inout [String: Any]) -> Void

        var testDescription: String { why }
    }

    static let refusals = [
        Refusal(why: "no provider", code: provider) { $0["provider"] = nil },
        Refusal(why: "an empty provider", code: provider) { $0["provider"] = "" },
        Refusal(why: "a null provider", code: provider) { $0["provider"] = NSNull() },
        Refusal(why: "a number for a provider", code: bad, field: "provider") {
            $0["provider"] = 1
        },
        Refusal(why: "the native provider", code: bad, field: "provider") {
            $0["provider"] = "PureCloud Email"
        },
        Refusal(why: "neither queue nor flow", code: target) { $0["queueId"] = nil },
        Refusal(why: "both queue and flow", code: target) { $0["flowId"] = demoFlow },
        Refusal(why: "an unknown queue", code: "email.error.invalid.queue") {
            $0["queueId"] = demoFlow
        },
        Refusal(why: "an unknown flow", code: "bad.flow.id") {
            $0["queueId"] = nil
            $0["flowId"] = demoQueue
        },
        Refusal(why: "an unknown direction", code: "invalid.value", field: "direction") {
            $0["direction"] = "inbound"
        },
        Refusal(why: "outbound without an address", code: "email.outbound.queue.address.required") {
            $0["direction"] = "OUTBOUND"
            $0["provider"] = "PureCloud Email"
            $0["queueId"] = demoBilling
        },
        Refusal(why: "outbound by another provider", code: bad, field: "provider") {
            $0["direction"] = "OUTBOUND"
        },
        Refusal(why: "outbound to nobody", code: bad, field: "toAddress") {
            $0["direction"] = "OUTBOUND"
            $0["provider"] = "PureCloud Email"
            $0["toAddress"] = nil
        },
        Refusal(why: "outbound without a queue", code: "email.outbound.queue.required") {
            $0["direction"] = "OUTBOUND"
            $0["queueId"] = nil
        },
        Refusal(why: "an unknown member", code: bad, field: "externalTag") {
            $0["externalTag"] = "1"
        },
        Refusal(why: "a number in an attribute", code: bad, field: "attributes.total") {
            $0["attributes"] = ["total": 12.5]
        },
        Refusal(why: "a flag in an attribute", code: bad, field: "attributes.paid") {
            $0["attributes"] = ["paid": true]
        },
        Refusal(why: "null in an attribute", code: bad, field: "attributes.note") {
            $0["attributes"] = ["note": NSNull()]
        },
        Refusal(why: "a list of attributes", code: bad, field: "attributes") {
            $0["attributes"] = ["a"]
        },
        Refusal(why: "text for a priority", code: bad, field: "priority") {
            $0["priority"] = "7"
        },
        Refusal(why: "a fraction for a priority", code: bad) {
            $0["priority"] = 7.5
        },
        Refusal(why: "a skill that is no text", code: bad, field: "skillIds.1") {
            $0["skillIds"] = ["a", 2]
        },
        Refusal(why: "a contact on an inbound one", code: bad, field: "externalContactId") {
            $0["externalContactId"] = "1"
        },
        Refusal(why: "a skill expression with a flow", code: bad, field: "skillExpression") {
            $0["skillExpression"] = "a > 1"
            $0["queueId"] = nil
            $0["flowId"] = demoFlow
        },
        Refusal(why: "a subject of 401", code: bad, field: "subject") {
            $0["subject"] = String(repeating: "s", count: 401)
        },
        Refusal(why: "a name of 65", code: bad, field: "fromName") {
            $0["fromName"] = String(repeating: "n", count: 65)
        },
        Refusal(why: "51 attributes", code: bad, field: "attributes") {
            $0["attributes"] = Dictionary(uniqueKeysWithValues: (0..<51).map { ("k\($0)", "v") })
        },
        Refusal(why: "an attribute of 257", code: bad, field: "attributes.long") {
            $0["attributes"] = ["long": String(repeating: "v", count: 257)]
        },
        Refusal(why: "more than 16 KiB of attributes", code: bad, field: "attributes") {
            let value = String(repeating: "ł", count: 256)
            $0["attributes"] = Dictionary(uniqueKeysWithValues: (0..<33).map { ("k\($0)", value) })
        },
    ]

    static let bad = "bad.request"
    static let provider = "postino.error.notnull.createconversationrequest.provider"
    static let target = "too.many.create.email.parameters"

    @Test(arguments: refusals)
    func aWrongBodyIs400AndCreatesNothing(refusal: Refusal) async throws {
        try await withSandbox { sandbox in
            let answer = try await sandbox.create(
                token: try await sandbox.token(), body: try createBody(refusal.change))
            #expect(answer.status == 400)
            #expect(answer.code == refusal.code)
            let details = answer.json["details"] as? [[String: String]]
            #expect(details?.first?["fieldName"] == refusal.field)
            #expect(await sandbox.conversations().isEmpty)
        }
    }

    @Test(arguments: ["", "{", "[]", "null", "\"text\"", "{\"provider\":\"\u{FFFF}"])
    func aBodyThatIsNoObjectIs400(body: String) async throws {
        try await withSandbox { sandbox in
            let answer = try await sandbox.create(token: try await sandbox.token(), body: body)
            #expect(answer.status == 400)
            #expect(answer.code == "bad.request")
        }
    }

    @Test func everythingAtItsLargestIsTakenAndKept() async throws {
        try await withSandbox { sandbox in
            let attributes = Dictionary(
                uniqueKeysWithValues: (0..<50).map {
                    ("key\($0)", String(repeating: "v", count: 256))
                })
            let body = try createBody {
                $0["attributes"] = attributes
                $0["subject"] = String(repeating: "s", count: 400)
                $0["priority"] = Int.max
                $0["skillIds"] = ["skill"]
                $0["languageId"] = "language"
                $0["utilizationLabel"] = "label"
                $0["textBody"] = "kept nowhere"
            }
            let answer = try await sandbox.create(token: try await sandbox.token(), body: body)
            #expect(answer.status == 200)
            let kept = try #require(await sandbox.conversations().first)
            #expect(kept.attributes == attributes)
            #expect(kept.subject?.count == 400)
            #expect(kept.priority == .max)
            #expect(kept.skillIds == ["skill"])
            #expect(kept.languageId == "language")
            #expect(kept.utilizationLabel == "label")
            #expect(kept.toAddress == "marker-1")
            #expect(kept.toName == "Shop")
            #expect(kept.state == .queued)
        }
    }

    @Test func theSwitchesLetPassWhatIsUnknownOfTheRealAPI() async throws {
        try await withSandbox { sandbox in
            await sandbox.change {
                $0.refusesUnknownMembers = false
                $0.refusesOversized = false
            }
            let body = try createBody {
                $0["externalTag"] = "1"
                $0["subject"] = String(repeating: "s", count: 401)
            }
            let answer = try await sandbox.create(token: try await sandbox.token(), body: body)
            #expect(answer.status == 200)
        }
    }

    @Test(arguments: ["text/plain", "application/x-www-form-urlencoded", "application/jsonp"])
    func anotherContentTypeIs415(type: String) async throws {
        try await withSandbox { sandbox in
            let answer = try await sandbox.call(
                "POST", createPath, token: try await sandbox.token(),
                headers: ["Content-Type": type], body: createBody())
            #expect(answer.status == 415)
            #expect(answer.code == "unsupported.media.type")
        }
    }

    @Test func aBodyBeyond512000BytesIs413AndTheConnectionGoesOn() async throws {
        try await withSandbox { sandbox in
            let token = try await sandbox.token()
            let body = try createBody()
            let connection = try sandbox.connect()
            let padding = 512_000 - body.utf8.count
            for (spaces, status) in [(padding + 1, 413), (padding, 200)] {
                let padded = body + String(repeating: " ", count: spaces)
                connection.send(request("POST", createPath, token: token, body: padded))
                let answer = try #require(await connection.readAnswer())
                #expect(answer.status == status)
                #expect(status == 200 || answer.code == "request.entity.too.large")
            }
        }
    }
}
