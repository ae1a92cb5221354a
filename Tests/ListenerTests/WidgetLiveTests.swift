import ExactJSON
import Outbox
import Synchronization
import TestSupport
import Testing

@testable import Listener

@Suite(.timeLimit(.minutes(15))) struct WidgetLiveTests {
    private let scene = Scene()

    @Test func whatChangesIsTold() async throws {
        try await atWork { port, fields in
            let sam = try await stream(port, fields)
            #expect(sam.head["content-type"] == "text/event-stream")
            #expect(sam.head["cache-control"] == "no-store")
            let first = try #require(try await sam.event("changed"))
            #expect(first["mark"] == (try await shown(port, fields)["mark"]))
            #expect(try await sam.event("present") == ["agents": []])
            _ = try await scene.post()
            try await pass(Presence.pause)
            let second = try #require(try await sam.event("changed"))
            #expect(second["mark"] == (try await shown(port, fields)["mark"]))
            #expect(first != second)
        }
    }

    @Test func whatHappensElsewhereIsNot() async throws {
        try await atWork { port, fields in
            let sam = try await stream(port, fields)
            _ = try await sam.event("changed")
            _ = try await sam.event("present")
            _ = try await scene.post(.question, in: "other")
            try await pass(Presence.pause)
            try await pass(Live.heartbeat)
            #expect(try await sam.line() == ": still here")
        }
    }

    @Test func colleaguesSeeWhoLooksAndWhoWrites() async throws {
        try await atWork { port, fields in
            let kimFields = try await kimAtWork()
            // That Kim reads is recorded, which is a change too.
            _ = try await scene.send("GET", Scene.path(), kimFields, at: port)
            let sam = try await stream(port, fields)
            _ = try await sam.event("changed")
            #expect(try await sam.event("present") == ["agents": []])
            let kim = try await stream(port, kimFields)
            #expect(try await sam.event("present") == present("Kim Lee", "a-kim", false))
            _ = try await kim.event("changed")
            #expect(try await kim.event("present") == present("Sam Carter", "a-sam", false))
            _ = try await scene.send(
                "PUT", Scene.path("c-1", "/draft"), kimFields,
                ["kind": "note", "body": "x", "files": []], at: port)
            #expect(try await sam.event("present") == present("Kim Lee", "a-kim", true))
            try await pass(Presence.writing)
            #expect(try await sam.event("present") == present("Kim Lee", "a-kim", false))
            kim.close()
            #expect(try await sam.event("present") == ["agents": []])
        }
    }

    @Test func itEndsWithTheSession() async throws {
        try await atWork { port, fields in
            let sam = try await stream(port, fields)
            _ = try await sam.event("changed")
            _ = try await sam.event("present")
            scene.genesys.change { $0.failure = .loggedOut }
            try await pass(Live.heartbeat)
            // Until then Genesys' earlier word holds.
            #expect(try await sam.line() == ": still here")
            #expect(try await sam.line() == "")
            try await pass(Live.heartbeat)
            #expect(try await sam.event("end") == ["code": "signed_out"])
            #expect(try await sam.line() == nil)
        }
    }

    @Test func itEndsWhereGenesysShowsTheConversationNoMore() async throws {
        try await atWork { port, fields in
            let sam = try await stream(port, fields)
            _ = try await sam.event("changed")
            _ = try await sam.event("present")
            scene.genesys.set(nil, of: Scene.sam.id, in: "c-1")
            _ = try await scene.post()
            try await pass(Presence.pause)
            _ = try await sam.event("changed")
            try await pass(Live.heartbeat)
            #expect(try await sam.event("end") == ["code": "not_found"])
            #expect(try await sam.line() == nil)
        }
    }

    @Test func aChangeHasGenesysAskedAnew() async throws {
        try await scene.conversation("c-1")
        scene.genesys.set(AgentPart(.alerting), of: Scene.sam.id, in: "c-1")
        let fields = try await scene.login()
        try await scene.serve { port in
            let sam = try await stream(port, fields)
            _ = try await sam.event("changed")
            _ = try await sam.event("present")
            let ringing = try await scene.send("GET", Scene.path(), fields, at: port)
            #expect(ringing.json?["why"] == "alerting")
            try await scene.hand("c-1", to: Scene.sam)
            // The model ticks for messages alone.
            _ = try await scene.post(.question, in: "other")
            try await pass(Presence.pause)
            _ = try await sam.event("changed")
            let taken = try await scene.send("GET", Scene.path(), fields, at: port)
            #expect(taken.json?["why"] == .null)
        }
    }

    @Test func anotherKindOfPartIsToldWithoutAnyChangeOfTheThread() async throws {
        try await scene.conversation("c-1")
        scene.genesys.set(AgentPart(.alerting), of: Scene.sam.id, in: "c-1")
        let fields = try await scene.login()
        try await scene.serve { port in
            let sam = try await stream(port, fields)
            let first = try #require(try await sam.event("changed"))
            _ = try await sam.event("present")
            scene.genesys.set(AgentPart(.connected), of: Scene.sam.id, in: "c-1")
            try await pass(Live.heartbeat)
            let second = try #require(try await sam.event("changed"))
            #expect(second != first)
            #expect(try await shown(port, fields)["mark"] == second["mark"])
        }
    }

    @Test func whatFollowsTheConversationIsNotTold() async throws {
        try await atWork { port, fields in
            try await scene.end("c-1")
            scene.genesys.set(AgentPart(.ended), of: Scene.sam.id, in: "c-1")
            try await scene.conversation("c-2")
            try await scene.hand("c-2", to: Scene.kim)
            let kim = try await stream(port, try await scene.login(Scene.kim), of: "c-2")
            _ = try await kim.event("changed")
            let sam = try await stream(port, fields)
            _ = try await sam.event("changed")
            #expect(try await sam.event("present") == ["agents": []])
            _ = try await scene.post()
            try await pass(Presence.pause)
            _ = try await kim.event("present")
            _ = try await kim.event("changed")
            try await pass(Live.heartbeat)
            #expect(try await sam.line() == ": still here")
        }
    }

    @Test func itEndsWithTheService() async throws {
        let sam = try await atWork { port, fields in
            let sam = try await stream(port, fields)
            _ = try await sam.event("changed")
            _ = try await sam.event("present")
            return sam
        }
        #expect(try await sam.line() == nil)
    }

    @Test func aThousandStreamsHearACommitOnceInAPause() async throws {
        let wakes = Mutex(0)
        let presence = Presence(scene.store, scene.clock.environment)
        var seats: [Presence.Seat] = []
        for number in 0..<1000 {
            seats.append(
                await presence.enter(
                    scene.name("\(number)"),
                    Presence.Sitting(
                        agent: Agent(id: "\(number)"), session: [UInt8](number.description.utf8),
                        wake: { wakes.withLock { $0 += 1 } }, end: {})))
        }
        // The first tick, as the first stream was opened, may have met only some of them.
        while scene.clock.nextAlarm == nil { await Task.yield() }
        let before = wakes.withLock { $0 }
        for _ in 0..<100 { _ = try await scene.post() }
        #expect(wakes.withLock { $0 } == before)
        scene.clock.advance(by: Presence.pause)
        while scene.clock.nextAlarm == nil { await Task.yield() }
        #expect(wakes.withLock { $0 } == before + 1000)
        for seat in seats { await presence.leave(seat) }
    }

    @Test func withOneStreamTooManyTheOldestOfTheLoginEnds() async throws {
        try await atWork { port, fields in
            let kim = try await stream(port, try await kimAtWork())
            var all: [LineReader] = []
            for _ in 0...Presence.mostOfASession { all.append(try await stream(port, fields)) }
            while try await all[0].line() != nil {}
            _ = try await scene.post()
            for sam in all.dropFirst() + [kim] {
                #expect(try await sam.event("changed") != nil)
            }
        }
    }

    // MARK: Setting the scene

    private func atWork<Result>(
        _ body: (Int, [(String, String)]) async throws -> Result
    ) async throws -> Result {
        try await scene.conversation("c-1")
        try await scene.hand("c-1", to: Scene.sam)
        let fields = try await scene.login()
        return try await scene.serve { port in try await body(port, fields) }
    }

    private func kimAtWork() async throws -> [(String, String)] {
        scene.genesys.set(AgentPart(.connected), of: Scene.kim.id, in: "c-1")
        return try await scene.login(Scene.kim)
    }

    private func stream(
        _ port: Int, _ fields: [(String, String)], of id: String = "c-1"
    ) async throws -> LineReader {
        let client = try Client(port: port)
        client.send(request("GET", Scene.path(id, "/stream"), fields))
        let head = try #require(try await client.answer(toHead: true))
        #expect(head.status == 200)
        return LineReader(client: client, head: head)
    }

    private func shown(_ port: Int, _ fields: [(String, String)]) async throws -> JSON {
        let answer = try await scene.send("GET", Scene.path(), fields, at: port)
        return try #require(answer.json)
    }

    /// Lets time pass once somebody waits for that.
    private func pass(_ time: Duration) async throws {
        while (scene.clock.nextAlarm ?? .seconds(3600)) > time { await Task.yield() }
        scene.clock.advance(by: time)
    }

    private func present(_ name: String, _ id: String, _ isWriting: Bool) -> JSON {
        ["agents": [["id": .string(id), "name": .string(name), "writing": .bool(isWriting)]]]
    }
}

extension LineReader {
    /// The data of the next event, which has to be of that name; comments are passed over.
    fileprivate func event(_ name: String) async throws -> JSON? {
        var line = try await line()
        while let text = line, text.isEmpty || text.hasPrefix(":") { line = try await self.line() }
        #expect(line == "event: \(name)")
        guard let data = try await self.line(), data.hasPrefix("data: ") else { return nil }
        #expect(try await self.line() == "")
        return try JSON(parsing: Array(data.utf8.dropFirst("data: ".utf8.count)))
    }
}
