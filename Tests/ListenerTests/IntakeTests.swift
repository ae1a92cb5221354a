import ExactJSON
import Listener
import Outbox
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(15))) struct IntakeTests {
    @Test func aSignedMessageIsAccepted() async throws {
        let shops = try Shops()
        let body = message(more: #","order":{"id":820982911946154508,"total":1.10}"#)
        let answer = try await shops.ask(
            request("POST", "/v1/messages", signed(body, at: shops.clock.now), body: body))
        let entry = try #require(try await shops.entries.first)
        #expect(answer.status == 202)
        #expect(answer["content-type"] == "application/json")
        #expect(
            answer.json == [
                "id": .string(entry.id.description), "thread": "order:820982911946154508",
                "status": "accepted",
            ])
        #expect(entry.shop == ShopName("default") && entry.route == .default)
    }

    @Test func bothFormsAndEveryWayInAreTaken() async throws {
        let shops = try Shops()
        let short = message(id: "a")
        let wrapped = #"{"type":"customer.message","id":"b","data":\#(message())}"#
        let now = shops.clock.now
        let ways: [(String, [(String, String)])] = [
            (short, [token]), (wrapped, [token]),
            (message("1"), signed(message("1"), id: "c", at: now, with: Shops.older)),
            (message("2"), signed(message("2"), id: "d", at: now, family: "svix")),
            (
                message("3"),
                [
                    ("authorization", "bearer write-token"),
                    ("Content-Type", "application/vnd.shop+json; charset=UTF-8"),
                ]
            ),
        ]
        for (body, fields) in ways {
            #expect(
                try await shops.ask(request("POST", "/v1/messages/", fields, body: body)).status
                    == 202)
        }
        #expect(try await shops.entries.count == ways.count)
    }

    @Test(arguments: [
        [("webhook-id", "evt-7")], [("Idempotency-Key", "\"evt-7\"")],
        [("Idempotency-Key", "evt-7")], [],
    ])
    func aRepeatIsRecognised(fields: [(String, String)]) async throws {
        let shops = try Shops()
        let body = message(id: "evt-7")
        let post = request("POST", "/v1/messages", [token] + fields, body: body)
        let first = try await shops.ask(post)
        let again = try await shops.ask(post)
        #expect(first.status == 202 && again.status == 200)
        #expect(again.json?["status"] == "duplicate")
        #expect(again.json?["id"] == first.json?["id"])
        #expect(again.json?["thread"] == first.json?["thread"])
        let other = try await shops.ask(
            request("POST", "/v1/messages", [token] + fields, body: message("Else", id: "evt-7")))
        #expect(other.status == 422)
        #expect(other.json?["field"]?.string == (fields.first?.0.lowercased() ?? "id"))
        #expect(other.json?["id"] == first.json?["id"])
        #expect(try await shops.entries.count == 1)
    }

    @Test func withoutAKeyEveryPostIsAMessage() async throws {
        let shops = try Shops()
        let post = request("POST", "/v1/messages", [token], body: message())
        for _ in 0..<2 { #expect(try await shops.ask(post).status == 202) }
        #expect(try await shops.entries.count == 2)
    }

    @Test(arguments: [
        ([("Idempotency-Key", "\"a")], "idempotency-key"),
        ([("Idempotency-Key", "a b")], "idempotency-key"),
        ([("Idempotency-Key", "")], "idempotency-key"),
        ([("Idempotency-Key", "a"), ("Idempotency-Key", "b")], "idempotency-key"),
        ([("webhook-id", String(repeating: "x", count: 256))], "webhook-id"),
        ([("webhook-id", "a"), ("svix-id", "b")], "svix-id"),
    ])
    func aBrokenKeyIsRefused(fields: [(String, String)], field: String) async throws {
        let shops = try Shops()
        let answer = try await shops.ask(
            request("POST", "/v1/messages", [token] + fields, body: message()))
        try await shops.expectRefusal(answer, 400, field)
    }

    @Test(
        arguments: [
            (#"{"message""#, 400, nil), ("", 400, nil), ("\u{FEFF}[]x", 400, nil),
            (#"{"message":{"body":"\ud800"}}"#, 400, nil), (#"{"a":1,"a":2}"#, 400, nil),
            (String(repeating: "[", count: 100), 400, nil), ("[]", 422, nil), ("null", 422, nil),
            ("{}", 422, "message"), (#"{"data":{"message":{"body":"x"}}}"#, 422, "data.customer"),
            (message(more: #","order":{"items":[{},{"sku":5}]}"#), 422, "order.items[1].sku"),
            (message(more: #","route":"gold""#), 422, "route"),
            (message(more: #","attributes":{"bridge.x":"y"}"#), 422, "attributes.bridge.x"),
        ] as [(String, Int, String?)])
    func aBodyThatIsNoMessageIsRefused(body: String, status: Int, field: String?) async throws {
        let shops = try Shops()
        let answer = try await shops.ask(request("POST", "/v1/messages", [token], body: body))
        try await shops.expectRefusal(answer, status, field)
    }

    @Test(arguments: [
        ("Content-Type", "text/plain"), ("Content-Type", "application/x-www-form-urlencoded"),
        ("Content-Type", "application/json; charset=iso-8859-1"),
        ("Content-Type", "applicationx/json"),
        ("Content-Encoding", "gzip"),
    ])
    func aTypeThatIsNotPlainJSONIsRefused(name: String, value: String) async throws {
        let shops = try Shops()
        let answer = try await shops.ask(
            request("POST", "/v1/messages", [token, (name, value)], body: message()))
        try await shops.expectRefusal(answer, 415, name.lowercased())
    }

    @Test func whoeverCannotShowWhoTheyAreIsRefused() async throws {
        let shops = try Shops()
        let body = message()
        let now = shops.clock.now
        let good = signed(body, at: now)
        var changed = good
        changed[2].1 = String(changed[2].1.dropLast(2)) + "A="
        let old = Timestamp(milliseconds: now.milliseconds - 301_000)
        let refused: [[(String, String)]] = [
            [], [("Authorization", "Bearer nobody")], [("Authorization", "Bearer ")],
            [("Authorization", "Basic d3JpdGUtdG9rZW4=")], changed, Array(good.dropLast()),
            good + [good[2]], signed(body, at: now, with: "another secret"), signed(body, at: old),
            signed(body + " ", at: now), signed(body, id: "a.b", at: now),
        ]
        for fields in refused {
            let answer = try await shops.ask(request("POST", "/v1/messages", fields, body: body))
            try await shops.expectRefusal(answer, 401)
            #expect(answer["www-authenticate"] == "Bearer")
        }
        let late = try await shops.ask(
            request("POST", "/v1/messages", signed(body, at: old), body: body))
        #expect(late.json?["detail"]?.string?.contains("301 seconds") == true)
        #expect(late.json?["skew"] == 301)
    }

    @Test func aReadingTokenPostsNothing() async throws {
        let shops = try Shops()
        let answer = try await shops.ask(
            request(
                "POST", "/v1/messages", [("Authorization", "Bearer read-token")], body: message()))
        try await shops.expectRefusal(answer, 403)
    }

    @Test func twoShopsNeverMeet() async throws {
        let shops = try Shops()
        let now = shops.clock.now
        let body = message(more: #","conversation":{"key":"t"}"#)
        let other = ("Authorization", "Bearer other-token")
        // The same id, thread and body in each.
        let mine = try await shops.ask(
            request("POST", "/v1/messages", signed(body, id: "e", at: now), body: body))
        let theirs = try await shops.ask(
            request(
                "POST", "/v1/messages", signed(body, id: "e", at: now, with: Shops.other),
                body: body))
        #expect(mine.status == 202 && theirs.status == 202)
        #expect(mine.json?["id"] != theirs.json?["id"])
        let entries = try await shops.entries
        #expect(entries.map(\.shop.description) == ["default", "other"])
        #expect(entries[0].lane != entries[1].lane)
        // No credential of one opens the other, and no receipt is seen across.
        for fields in [[token], signed(body, id: "f", at: now)] {
            let answer = try await shops.ask(
                request("POST", "/v1/shops/other/messages", fields, body: body))
            #expect(answer.status == 401)
        }
        let id = try #require(mine.json?["id"]?.string)
        #expect(try await shops.ask(request("GET", "/v1/messages/\(id)", [token])).status == 200)
        #expect(try await shops.ask(request("GET", "/v1/messages/\(id)", [other])).status == 404)
        // Nor is the other's route to be had.
        let vip = try await shops.ask(
            request("POST", "/v1/messages", [other], body: message(more: #","route":"vip""#)))
        #expect(vip.status == 422 && vip.json?["field"] == "route")
        #expect(try await shops.entries.count == 2)
    }

    @Test func theNamedShopIsTheOneThatGetsIt() async throws {
        let shops = try Shops()
        let answer = try await shops.ask(
            request(
                "POST", "/v1/shops/%6Fther/messages", [("Authorization", "Bearer other-token")],
                body: message()))
        #expect(answer.status == 202)
        #expect(answer.json?["thread"] == "email:zoe@example.com")
        #expect(try await shops.entries.map(\.shop) == [ShopName("other")])
        let nowhere = try await shops.ask(
            request("POST", "/v1/shops/nobody/messages", [token], body: message()))
        #expect(nowhere.status == 401)
    }

    @Test func anAllowedRouteIsTaken() async throws {
        let shops = try Shops()
        _ = try await shops.ask(
            request("POST", "/v1/messages", [token], body: message(more: #","route":"vip""#)))
        #expect(try await shops.entries.map(\.route) == [RouteName("vip")])
    }

    @Test(arguments: ["staff", "system"])
    func whatTheShopItselfWroteIsRoutedNowhere(direction: String) async throws {
        let shops = try Shops()
        let body =
            #"{"message":{"body":"x","direction":"\#(direction)"},"customer":{"id":1}}"#
        let answer = try await shops.ask(request("POST", "/v1/messages", [token], body: body))
        #expect(answer.status == 202)
        #expect(try await shops.entries.isEmpty)
        let id = try #require(answer.json?["id"]?.string)
        let receipt = try await shops.ask(request("GET", "/v1/messages/\(id)", [token]))
        #expect(receipt.json?["status"] == "recorded")
    }

    @Test func theReceiptTellsTheDelivery() async throws {
        let shops = try Shops()
        let post = try await shops.ask(request("POST", "/v1/messages", [token], body: message()))
        let id = try #require(post.json?["id"]?.string)
        let reading = ("Authorization", "Bearer read-token")
        let receipt = try await shops.ask(request("GET", "/v1/messages/\(id)", [reading]))
        #expect(
            receipt.json == [
                "id": .string(id), "thread": "email:zoe@example.com", "status": "pending",
                "accepted_at": .string(shops.clock.now.description), "conversation": .null,
            ])
        for path in ["/v1/messages/0000000000000", "/v1/messages/x"] {
            #expect(try await shops.ask(request("GET", path, [reading])).status == 404)
        }
        #expect(try await shops.ask(request("GET", "/v1/messages/\(id)")).status == 401)
        let signature = signed("", at: shops.clock.now)
        #expect(try await shops.ask(request("GET", "/v1/messages/\(id)", signature)).status == 401)
    }

    @Test func aCredentialThatPostsTooOftenHasToWait() async throws {
        var shops = try Shops()
        shops.settings.perMinute = 2
        try await shops.serve { port in
            let client = try Client(port: port)
            func post(_ fields: [(String, String)]) async throws -> Client.Answer {
                client.send(request("POST", "/v1/messages", fields, body: message()))
                return try #require(try await client.answer())
            }
            #expect(try await post([token]).status == 202)
            #expect(try await post([token]).status == 202)
            let refused = try await post([token])
            #expect(refused.status == 429 && refused["retry-after"] == "30")
            #expect(try await post([("Authorization", "Bearer other-token")]).status == 202)
            shops.clock.advance(by: .seconds(30))
            #expect(try await post([token]).status == 202)
        }
        #expect(try await shops.entries.count == 4)
    }

    @Test func withoutCredentialsOnlyLoopbackMayPost() async throws {
        var shops = try Shops()
        shops.settings.allowUnsigned = true
        let signing = [try WebhookSecret(Shops.secret)]
        let tokens = [AccessToken(name: "till", secret: "write-token", scope: .write)]
        shops.shops =
            ["default", "other"].map { ShopAccess(name: ShopName($0)) } + [
                ShopAccess(name: ShopName("signing"), secrets: signing),
                ShopAccess(name: ShopName("holding"), tokens: tokens),
            ]
        for name in ["signing", "holding"] {
            let post = request("POST", "/v1/shops/\(name)/messages", body: message())
            #expect(try await shops.ask(post).status == 401)
        }
        #expect(try await shops.entries.isEmpty)
        #expect(try await shops.ask(request(body: message())).status == 202)
        #expect(
            try await shops.ask(request("POST", "/v1/shops/other/messages", body: message())).status
                == 202)
        #expect(try await shops.entries.map(\.shop.description) == ["default", "other"])
        for fields in [("Origin", "https://evil.example"), ("Origin", "null")] {
            let answer = try await shops.ask(
                request("POST", "/v1/messages", [fields], body: message()))
            #expect(answer.status == 403)
        }
        for host in [
            "evil.example", "[::1].evil", "127.0.0.1.evil", "127.+1.0.1", "localhost:80@e",
        ] {
            let rebound = request(body: message()).replacing(
                "Host: localhost", with: "Host: \(host)")
            #expect(try await shops.ask(rebound).status == 403, "\(host)")
        }
        let wrong = [("Authorization", "Bearer nobody")]
        #expect(
            try await shops.ask(request("POST", "/v1/messages", wrong, body: message())).status
                == 401)
        #expect(
            try await shops.ask(request("POST", "/v1/shops/nobody/messages", body: message()))
                .status
                == 404)
        #expect(try await shops.entries.count == 2)
    }

    @Test func aStoreThatCannotWriteIsToldAsALaterTime() async throws {
        let shops = try Shops()
        let answer = try await serving({ listening in
            PublicFace(
                at: ListenAddress(host: "127.0.0.1", port: 0), shops: shops.shops,
                settings: shops.settings, store: ClosedOutbox(), relay: { shops.relay },
                environment: shops.clock.environment, logger: .silent, listening: listening)
        }) { port in
            let client = try Client(port: port)
            client.send(request("POST", "/v1/messages", [token], body: message()))
            return try #require(try await client.answer())
        }
        #expect(answer.status == 503 && answer["retry-after"] == "10")
        #expect(answer["content-type"] == "application/problem+json")
    }

    @Test(
        arguments: [
            ("GET", "/v1/messages", 405, "POST"), ("DELETE", "/v1/messages", 405, "POST"),
            ("POST", "/v1/messages/0000000000000", 405, "GET, HEAD"), ("GET", "/", 404, nil),
            ("OPTIONS", "/v1/shops/x/messages", 405, "POST"), ("POST", "/v2/messages", 404, nil),
            ("GET", "/%zz", 400, nil), ("GET", "/outbox", 404, nil),
        ] as [(String, String, Int, String?)])
    func anythingElseIsRefusedPlainly(
        method: String, path: String, status: Int, allow: String?
    ) async throws {
        let shops = try Shops()
        let answer = try await shops.ask(request(method, path, [token], body: ""))
        try await shops.expectRefusal(answer, status)
        #expect(answer["allow"] == allow)
    }
}

extension Shops {
    /// One request on a connection of its own.
    func ask(_ request: String) async throws -> Client.Answer {
        try await serve { port in
            let client = try Client(port: port)
            client.send(request)
            return try #require(try await client.answer())
        }
    }

    /// That it is a problem of this status, blames the field, and has left nothing behind.
    func expectRefusal(
        _ answer: Client.Answer, _ status: Int, _ field: String? = nil,
        at location: SourceLocation = #_sourceLocation
    ) async throws {
        #expect(answer.status == status, sourceLocation: location)
        #expect(answer["content-type"] == "application/problem+json", sourceLocation: location)
        #expect(answer.json?["status"] == JSON(status), sourceLocation: location)
        #expect(answer.json?["title"]?.string != nil, sourceLocation: location)
        #expect(answer.json?["detail"]?.string != nil, sourceLocation: location)
        if let field {
            #expect(answer.json?["field"]?.string == field, sourceLocation: location)
        }
        #expect(try await entries.isEmpty, sourceLocation: location)
    }
}
