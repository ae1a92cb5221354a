import Outbox
import TestSupport
import Testing

@testable import SQLiteOutbox

typealias BothStores = OutboxStore & ThreadStore & DeskStore

extension Twins {
    mutating func thread() -> ThreadName {
        ThreadName(ShopName("shop \(number(0..<3))"), ThreadKey("thread \(number(0..<5))"))
    }

    mutating func agent() -> Agent {
        Agent(id: "agent \(number(0..<2))", name: pick([nil, "Sam", "Samira"]) ?? nil)
    }

    mutating func observe(_ label: Comment) async throws {
        let known = try await model.live(after: nil, limit: 99).map(\.reference)
        let reference = number(0..<4) > 0 ? pick(known) : pick(references)
        let stage = pick(ConversationStage.allCases) ?? .waiting
        let seen = Observation(
            reference: reference ?? "unknown", stage: stage,
            queue: pick([nil, Queue(id: "q1", name: "One"), Queue(id: "q2")]) ?? nil,
            agent: pick([nil, agent()]) ?? nil, wasAccepted: Bool.random(using: &chances),
            end: stage == .ended ? pick(ConversationEnd.allCases) : nil,
            wrapUp: pick([nil, nil, WrapUp(code: "w", name: "Done", notes: nil)]) ?? nil)
        try await both(label) { store throws(StoreError) in try await store.observe(seen) }
    }

    mutating func write(_ label: Comment) async throws {
        let thread = thread()
        let newest = try? await model.transcript(of: thread).messages.last?.id
        let message = AgentMessage(
            pick([.answer, .answer, .note]) ?? .answer, in: thread, by: agent(), body: "Soon.",
            attachments: attachments(),
            conversation: pick([nil, "conversation 1"]) ?? nil,
            seen: pick([nil, newest, MessageID(rawValue: 1)]) ?? nil,
            key: IdempotencyKey("\(number(0..<60))"), digest: [UInt8(number(0..<2))],
            hold: pick([.zero, .seconds(3)]) ?? .zero)
        try await both(label) { store throws(StoreError) in try await store.write(message) }
    }

    /// What a person does about a thread.
    mutating func seeTo(_ label: Comment) async throws {
        let thread = thread()
        let choice = number(0..<4)
        try await both(label) { store throws(StoreError) in
            switch choice {
            case 0:
                try await store.dismiss(thread, because: "thanks", seen: nil, by: "agent 1")
            case 1: try await store.recreate(thread, by: "anna")
            case 2: try await store.close(thread, by: "shop")
            default:
                try await store.audit(
                    AuditRecord(
                        at: Timestamp(milliseconds: 7), action: .read, actor: "agent 1"),
                    in: thread)
            }
            return true
        }
    }

    mutating func recreateDue(_ label: Comment) async throws {
        let limit = number(1..<4)
        try await both(label) { store throws(StoreError) in
            let (count, due) = try await store.recreateDue(limit: limit)
            return "\(count) \(due?.description ?? "-")"
        }
    }

    mutating func readThreads(_ label: Comment) async throws {
        let thread = thread()
        try await both(label) { store throws(StoreError) in
            try await store.transcript(of: thread)
        }
        let limit = number(1..<9)
        try await both(label) { store throws(StoreError) in
            try await store.census(after: .start, limit: limit)
        }
    }

    func compareThreads(_ label: Comment) async throws {
        try await both(label) { store throws(StoreError) in
            try await store.live(after: nil, limit: 999)
        }
        try await both(label) { store throws(StoreError) in try await store.concerns(limit: 999) }
        try await both(label) { store throws(StoreError) in
            try await store.census(after: .start, limit: 999)
        }
        for reference in references {
            try await both(label) { store throws(StoreError) in
                try await store.thread(of: reference)
            }
        }
        try await compareDesk(label)
        for shop in (0..<3).map({ ShopName("shop \($0)") }) {
            try await both(label) { store throws(StoreError) in
                try await store.threads(of: "7", in: shop, limit: 9)
            }
            for key in (0..<5).map({ ThreadKey("thread \($0)") }) {
                try await both(label) { store throws(StoreError) in
                    try await store.transcript(of: ThreadName(shop, key))
                }
                try await both(label) { store throws(StoreError) in
                    try await store.audits(of: ThreadName(shop, key))
                }
                try await both(label) { store throws(StoreError) in
                    try await store.drafts(in: ThreadName(shop, key))
                }
                try await both(label) { store throws(StoreError) in
                    try await store.page(of: ThreadName(shop, key), before: nil, limit: 50)
                }
            }
        }
    }
}
