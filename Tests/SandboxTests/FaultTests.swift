import Testing

@testable import Sandbox

@Suite("Faults", .timeLimit(.minutes(15)))
struct FaultTests {
    @Test func faultsStrikeInOrderEachItsKindAndItsTimes() {
        var plan = FaultPlan()
        var generator = SeededGenerator(seed: 1)
        plan.append([
            .init(on: .create, do: .reset, times: 2), .init(on: .any, do: .half),
            .init(on: .token, do: .stall, times: 0),
        ])
        let kinds: [Sandbox.Fault.Target?] = [.create, .token, .create, .create, nil, .token]
        let struck = kinds.map { plan.take(for: $0, using: &generator)?.action }
        #expect(struck == [.reset, .half, .reset, nil, nil, .stall])
        #expect(plan.faults.map(\.action) == [.stall])
    }

    @Test func aFaultSkipsItsFirstCallsAndLeavesThemToOthers() {
        var plan = FaultPlan()
        var generator = SeededGenerator(seed: 1)
        plan.append([.init(on: .create, do: .reset, skip: 2), .init(on: .create, do: .half)])
        let struck = (0..<4).map { _ in plan.take(for: .create, using: &generator)?.action }
        #expect(struck == [.half, nil, .reset, nil])
    }

    @Test func theSameSeedStrikesTheSameCalls() {
        func struck(seed: Int) -> [Bool] {
            var plan = FaultPlan()
            var generator = SeededGenerator(seed: seed)
            plan.append([.init(do: .reset, times: 0, chance: 0.25)])
            return (0..<1000).map { _ in plan.take(for: .create, using: &generator) != nil }
        }
        let once = struck(seed: 7)
        #expect(once == struck(seed: 7))
        #expect(once != struck(seed: 8))
        #expect((200...300).contains(once.count { $0 }))
    }

    @Test func chanceBeginsAnewWithASeedAndWithTheSandbox() async throws {
        try await withSandbox { sandbox in
            func struck() async throws -> [Int] {
                await sandbox.plan(.init(on: .token, do: .status, times: 0, chance: 0.5))
                var statuses: [Int] = []
                for _ in 0..<20 {
                    statuses.append(try await sandbox.logIn().status)
                }
                try await sandbox.clearFaults()
                return statuses
            }
            let shown = try await sandbox.call("GET", "/sandbox/settings")
            let seed = try #require(shown.json["seed"] as? Int)
            let first = try await struck()
            #expect(Set(first) == [200, 500])
            try await sandbox.forget()
            #expect(try await struck() == first)
            await sandbox.change { $0.seed = -1 }
            _ = try await struck()
            await sandbox.change { $0.seed = seed }
            #expect(try await struck() == first)
        }
    }

    @Test(arguments: [
        (400, "bad.request"), (403, "not.authorized"), (404, "not.found"),
        (408, "client.timeout"), (409, "general.conflict"), (500, "internal.server.error"),
        (503, "service.unavailable"), (504, "request.timeout"),
    ])
    func aPlannedStatusHasItsDocumentedCode(status: Int, code: String) async throws {
        try await withSandbox { sandbox in
            let token = try await sandbox.token()
            await sandbox.plan(.init(on: .create, do: .status, status: status))
            let answer = try await sandbox.create(token: token)
            #expect(answer.status == status)
            #expect(answer.code == code)
            #expect(answer.headers["inin-ratelimit-count"] == "1")
            #expect(await sandbox.conversations().isEmpty)
        }
    }

    @Test func anAppliedStatusLosesOnlyTheAnswer() async throws {
        try await withSandbox { sandbox in
            let token = try await sandbox.token()
            await sandbox.plan(.init(on: .create, do: .status, applied: true, status: 504))
            #expect(try await sandbox.create(token: token).status == 504)
            #expect(await sandbox.conversations().count == 1)
            let entry = try #require(await sandbox.journal(path: createPath).first)
            #expect(entry.applied && entry.status == 504)
        }
    }

    @Test func aPlanned429SaysWhenToComeAgain() async throws {
        try await withSandbox { sandbox in
            let token = try await sandbox.token()
            await sandbox.plan(.init(on: .create, do: .status, status: 429, retryAfter: 3))
            let answer = try await sandbox.create(token: token)
            #expect(answer.status == 429)
            #expect(answer.headers["retry-after"] == "3")
            #expect(answer.code == "too.many.requests.retry.after")
        }
    }

    @Test func aGatewayAnswersWithoutAnErrorBody() async throws {
        try await withSandbox { sandbox in
            let token = try await sandbox.token()
            await sandbox.plan(
                .init(on: .create, do: .status, status: 502),
                .init(on: .create, do: .status, status: 200, body: "<p>maintenance</p>"))
            let gateway = try await sandbox.create(token: token)
            #expect(gateway.status == 502)
            #expect(gateway.headers["content-type"]?.hasPrefix("text/html") == true)
            let page = try await sandbox.create(token: token)
            #expect(page.status == 200)
            #expect(page.body == "<p>maintenance</p>")
            #expect(await sandbox.conversations().isEmpty)
        }
    }

    @Test func aTokenDiesEarly() async throws {
        try await withSandbox { sandbox in
            let token = try await sandbox.token()
            await sandbox.plan(.init(on: .create, do: .expireToken))
            #expect(try await sandbox.create(token: token).code == "bad.credentials")
            #expect(try await sandbox.create(token: token).code == "bad.credentials")
            await sandbox.plan(.init(on: .token, do: .expireToken))
            let dead = try await sandbox.token()
            #expect(try await sandbox.create(token: dead).status == 401)
            #expect(await sandbox.conversations().isEmpty)
        }
    }

    @Test func aFaultOfTheLoginHasTheLoginsShape() async throws {
        try await withSandbox { sandbox in
            await sandbox.plan(
                .init(on: .token, do: .status, status: 401, code: "invalid_client"),
                .init(on: .token, do: .status, status: 503))
            let refused = try await sandbox.logIn()
            #expect(refused.status == 401)
            #expect(refused.json["error"] as? String == "invalid_client")
            #expect(try await sandbox.logIn().code == "service.unavailable")
            #expect(try await sandbox.logIn().status == 200)
        }
    }

    @Test func faultsOfOtherCallsLeaveACreateAlone() async throws {
        try await withSandbox { sandbox in
            let token = try await sandbox.token()
            await sandbox.plan(
                .init(on: .read, do: .status), .init(on: .token, do: .status))
            #expect(try await sandbox.create(token: token).status == 200)
            #expect(try await sandbox.call("GET", "/api/v2/tokens/me", token: token).status == 500)
        }
    }
}
