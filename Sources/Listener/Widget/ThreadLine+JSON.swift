import ExactJSON
import Outbox

extension Transcript.Line {
    /// - Parameter address: where the files of its thread are.
    func json(for visit: ThreadVisit, _ access: ThreadAccess?, at address: String? = nil) -> JSON {
        [
            "id": .string(id.description), "at": JSON(at),
            "direction": .string(direction.rawValue),
            "author": author,
            "subject": JSON(message?.subject), "body": JSON(message?.body),
            "body_type": JSON(message?.bodyType.rawValue),
            "delivery": delivery(for: visit, access),
            "attachments": .array(
                (message?.attachments ?? []).map { $0.json(at: address ?? visit.address) }),
        ]
    }

    private var author: JSON {
        if let agent = message?.authorship?.agent { return agent.json }
        guard direction == .customer, let customer = message?.customer else { return .null }
        return ["id": JSON(customer.id), "name": JSON(customer.displayName ?? customer.email)]
    }

    /// Of an answer: of a customer's message the conversation itself shows that Genesys has it.
    private func delivery(for visit: ThreadVisit, _ access: ThreadAccess?) -> JSON {
        guard direction == .staff, let state else { return .null }
        let isMine = message?.authorship?.agent.id == visit.agent.id
        return [
            "state": .string(state.description), "reason": JSON(reason), "mine": .bool(isMine),
            "withdrawable_until": isMine ? JSON(withdrawableUntil) : .null,
            "retry": .bool(state == .dead && access?.allows(.retry) == true),
            "withdrawn": .bool(isWithdrawn),
        ]
    }
}

extension Attachment {
    fileprivate func json(at address: String) -> JSON {
        [
            "name": .string(name), "content_type": JSON(contentType), "size": JSON(size),
            "url": JSON(file.map { "\(address)/files/\($0)" } ?? url),
        ]
    }
}
