import Outbox
import TestSupport
import Testing

@testable import SQLiteOutbox

extension Twins {
    mutating func attachments() -> [Outbox.Attachment] {
        let files = files.filter { _ in number(0..<8) == 0 }
        return files.map { Outbox.Attachment(name: "x", file: $0) }
    }

    private mutating func anyDraft() -> Draft {
        Draft(
            thread: thread(), conversation: pick(["conversation 1", "conversation 2"]) ?? "",
            agent: agent(), kind: pick(AgentMessage.Kind.allCases) ?? .answer,
            body: pick(["", "Soon.", "Later."]) ?? "",
            files: files.filter { _ in number(0..<8) == 0 }, at: clock.now)
    }

    /// What an agent does before an answer is on its way.
    mutating func draft(_ label: Comment) async throws {
        let draft = anyDraft()
        let agent = agent()
        let newest = try? await model.transcript(of: draft.thread).messages.filter {
            $0.direction == .staff
        }
        let message = pick(newest ?? [])?.id ?? MessageID(rawValue: 1)
        switch number(0..<8) {
        case 0..<3:
            try await both(label) { store throws(StoreError) in
                try await store.keep(draft)
                return true
            }
        case 3:
            try await both(label) { store throws(StoreError) in
                try await store.drop(draft)
                return true
            }
        case 4:
            try await both(label) { store throws(StoreError) in
                try await store.hand(draft, to: agent, in: "conversation 2")
            }
        default:
            try await both(label) { store throws(StoreError) in
                try await store.withdraw(message, in: draft.thread, by: agent.id)
            }
        }
    }

    mutating func upload(_ label: Comment) async throws {
        let (thread, agent, size) = (thread(), agent().id, number(0..<4))
        let answer = try await both(label) { store throws(StoreError) in
            try await store.begin(
                "a.pdf", contentType: "a/b", size: size, in: thread, by: agent, room: 6)
        }
        if case .success(let file) = answer { files.append(file) }
        guard let file = pick(files) else { return }
        switch number(0..<6) {
        case 0:
            try await both(label) { store throws(StoreError) in
                try await store.drop(file, by: agent)
                return true
            }
        case 1:
            let linked = LinkedConversation(
                reference: "mail \(size)", to: "a@b", subject: "s", agent: Agent(id: agent),
                at: clock.now)
            try await both(label) { store throws(StoreError) in
                try await store.link(linked, to: thread)
                return true
            }
        default:
            let (count, part) = (number(0..<3), number(0..<2))
            try await both(label) { store throws(StoreError) in
                try await store.append(
                    [UInt8](repeating: 7, count: count), number: part, to: file)
                return true
            }
        }
    }

    mutating func readDesk(_ label: Comment) async throws {
        let thread = thread()
        let (before, limit) = (pick(files).map { MessageID(rawValue: $0.rawValue) }, number(1..<9))
        try await both(label) { store throws(StoreError) in
            try await store.page(of: thread, before: before, limit: limit)
        }
        try await both(label) { store throws(StoreError) in
            try await store.question(of: thread)
        }
        for reference in references {
            let horizon = try await both(label) { store throws(StoreError) in
                try await store.horizon(of: reference)
            }
            try await both(label) { store throws(StoreError) in
                try await store.beginning(of: reference)
            }
            try await both(label) { store throws(StoreError) in
                try await store.neighbours(of: reference)
            }
            let end = try horizon.get()
            try await both(label) { store throws(StoreError) in
                try await store.page(of: thread, before: before, limit: limit, horizon: end)
            }
        }
        try await compareDesk(label)
        for name in try await model.census(after: .start, limit: 99).forgotten + [thread] {
            guard let told = try? await model.mark(of: name) else { continue }
            let mark = try await store.mark(of: name)
            if let last = marks[name] {
                try #require(last.model == told || last.store != mark, label)
            }
            marks[name] = (told, mark)
        }
    }

    func compareDesk(_ label: Comment) async throws {
        for list in ThreadList.allCases {
            var place: ThreadPlace?
            repeat {
                let current = place
                let page = try await both(label) { store throws(StoreError) in
                    try await store.threads(list, after: current, limit: 3)
                }
                place = try page.get().last?.place
            } while place != nil
        }
        for file in files {
            try await both(label) { store throws(StoreError) in try await store.file(file) }
            try await both(label) { store throws(StoreError) in
                try await store.part(0, of: file)
            }
        }
    }
}
