import Foundation
import HTTPTypes

/// The same over HTTP, at `/sandbox`.
extension Control {
    func answer(_ call: Call) async -> Answer {
        do {
            return try await route(call)
        } catch let error as DecodingError {
            let field = error.field.isEmpty ? "" : "\(error.field): "
            return .json(Problem(error: field + error.reason), status: .badRequest)
        } catch let error as Sandbox.UnknownConversation {
            return .json(Problem(error: "no conversation \(error.id)"), status: .notFound)
        } catch Sandbox.Refusal.unknown(let text) {
            return .json(Problem(error: text), status: .notFound)
        } catch Sandbox.Refusal.conflict(let text) {
            return .json(Problem(error: text), status: .conflict)
        } catch {
            return .json(Problem(error: "\(error)"), status: .internalServerError)
        }
    }

    private func route(_ call: Call) async throws -> Answer {
        switch (call.method, call.path) {
        case (.get, "/"):
            return .html(IndexPage.html)
        case (.get, "/sandbox/conversations"):
            return .json(await conversations(call))
        case (.get, "/sandbox/journal"):
            return .json(await journal(call))
        case (.post, "/sandbox/faults"):
            await plan(try Faults.read(call.body))
            return .json(await faults())
        case (.get, "/sandbox/faults"):
            return .json(await faults())
        case (.delete, "/sandbox/faults"):
            try await clearFaults()
            return .json(await faults())
        case (.post, "/sandbox/faults/release"):
            return .json(Released(released: await organization.release()))
        case (.post, "/sandbox/limits"):
            let limits = try JSONDecoder().decode(Limits.self, from: call.body)
            await organization.allow(limits.limit)
            return .json(limits)
        case (.get, "/sandbox/settings"):
            return .json(await organization.settings)
        case (.post, "/sandbox/settings"):
            try await organization.change { try $0.merge(call.body) }
            return .json(await organization.settings)
        case (.get, "/sandbox/feed"):
            return await feed()
        case (.post, "/sandbox/feed"):
            return try await changeFeed(call)
        case (.delete, "/sandbox"):
            try await forget()
            return .json([String: String]())
        case (.post, let path) where path.hasPrefix("/sandbox/conversations/"):
            return try await changeConversation(call)
        case (.post, let path) where path.hasPrefix("/sandbox/agents/"):
            return try await logIn(call)
        default:
            return Self.notHere(call)
        }
    }

    static func notHere(_ call: Call) -> Answer {
        let text = "no \(call.method) \(call.path) here; GET / lists what there is"
        return .json(Problem(error: text), status: .notFound)
    }

    private func conversations(_ call: Call) async -> Conversations {
        let all = await organization.conversations.all
        let last = call.query("last").flatMap(Int.init) ?? .max
        return Conversations(
            count: all.count, conversations: all.suffix(max(0, last)).map(Sandbox.Conversation.init)
        )
    }

    private func journal(_ call: Call) async -> JournalPage {
        let journal = await organization.journal
        let last = call.query("last").flatMap(Int.init) ?? .max
        let entries = journal.entries(path: call.query("path") ?? "", last: max(0, last))
        return JournalPage(count: journal.count, journal: entries.map(Sandbox.JournalEntry.init))
    }

    private func faults() async -> Faults {
        Faults(faults: await organization.plan.faults, held: await organization.barrier.count)
    }
}

private struct Problem: Encodable {
    let error: String
}

private struct Released: Encodable {
    let released: Int
}

private struct Conversations: Encodable {
    let count: Int
    let conversations: [Sandbox.Conversation]
}

private struct JournalPage: Encodable {
    let count: Int
    let journal: [Sandbox.JournalEntry]
}

private struct Faults: Encodable {
    let faults: [Sandbox.Fault]
    let held: Int

    /// One fault, or a list of them.
    static func read(_ body: Data) throws -> [Sandbox.Fault] {
        let isList = body.first { !" \t\r\n".utf8.contains($0) } == UInt8(ascii: "[")
        let decoder = JSONDecoder()
        return isList
            ? try decoder.decode([Sandbox.Fault].self, from: body)
            : [try decoder.decode(Sandbox.Fault.self, from: body)]
    }
}

/// `{"requests": 300, "seconds": 60}`; no requests, or 0 of them, is no limit.
private struct Limits: Codable {
    let requests: Int?
    let seconds: Int?

    enum CodingKeys: String, CodingKey {
        case requests, seconds
    }

    init(from decoder: any Decoder) throws {
        let object = try decoder.closedObject(CodingKeys.self)
        requests = try object.decodeIfPresent(Int.self, forKey: .requests)
        seconds = try object.decodeIfPresent(Int.self, forKey: .seconds)
        guard requests ?? 0 >= 0, seconds ?? 1 >= 1 else {
            throw DecodingError.dataCorruptedError(
                forKey: .requests, in: object,
                debugDescription: "requests from 0, seconds from 1")
        }
    }

    var limit: Sandbox.Limit? {
        guard let requests, requests > 0 else { return nil }
        return Sandbox.Limit(requests: requests, seconds: seconds ?? 60)
    }
}
