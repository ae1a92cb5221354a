import Foundation
import Sandbox
import Testing

/// Each call that changes a conversation, with each way to lose its answer.
@Suite("Lost answers", .timeLimit(.minutes(15)))
struct LostAnswerTests {
    static let losses: [Sandbox.Fault] = [
        .init(do: .reset), .init(do: .stall, seconds: 0.02), .init(do: .half),
        .init(do: .garbage), .init(do: .status, status: 504), .init(do: .status, status: 502),
        .init(do: .hold),
    ]

    @Test(arguments: ConversationCall.changes, losses)
    func theChangeIsMadeAndTheAnswerLost(
        call: ConversationCall, loss: Sandbox.Fault
    ) async throws {
        try await lose(call, loss, applied: true)
    }

    @Test(arguments: ConversationCall.changes, losses)
    func theChangeIsNotMade(call: ConversationCall, loss: Sandbox.Fault) async throws {
        try await lose(call, loss, applied: false)
    }

    private func lose(
        _ call: ConversationCall, _ loss: Sandbox.Fault, applied: Bool
    ) async throws {
        var fault = loss
        fault.on = call.kind
        fault.applied = applied
        try await withSandbox { [fault] sandbox in
            let token = try await sandbox.token()
            let conversation = try await sandbox.created(token: token)
            let before = try await sandbox.onlyConversation()
            await sandbox.plan(fault)
            let connection = try sandbox.connect()
            connection.send(call.text(conversation, token: token))
            if fault.action == .hold {
                try await sandbox.held()
                #expect((try await sandbox.onlyConversation() != before) == applied)
                connection.leave()
                try await sandbox.held(0)
            } else if fault.action == .status {
                #expect(await connection.readAnswer()?.status == fault.status)
            } else {
                let (text, _) = await connection.readToEnd()
                #expect(ReceivedAnswer(Array(text.utf8)) == nil, "the answer is whole")
            }
            #expect((try await sandbox.onlyConversation() != before) == applied)
            let entry = try #require(await sandbox.journal().last)
            #expect(entry.kind == call.kind)
            #expect(entry.fault == fault.action)
            #expect(entry.applied == applied)
            #expect(entry.token == "demo#1")
            #expect(await sandbox.faults().isEmpty)
        }
    }

    @Test(arguments: [(Sandbox.Fault.Target.lookUp, queryPath), (.search, searchPath)])
    func aLookUpIsStruckByItsName(kind: Sandbox.Fault.Target, path: String) async throws {
        try await withSandbox { sandbox in
            let token = try await sandbox.token()
            await sandbox.plan(.init(on: kind, do: .status, status: 503))
            _ = try await sandbox.created(token: token)
            let answer = try await sandbox.call("POST", path, token: token, body: "{}")
            #expect(answer.status == 503)
            #expect(await sandbox.journal().last?.kind == kind)
        }
    }
}
