import CurlTransport
import ExactJSON
public import Outbox

extension AgentDesk: QueueMail {
    /// The queue's `outboundEmailAddress` names a route of a domain, whose `pattern` is the part before the `@`.
    public func address(
        of queue: Queue, as agent: AgentAccess
    ) async throws(ParticipationError) -> String? {
        guard queue.id.isPlainID else { throw .refused("a queue has no such id") }
        let place = try await settings("/api/v2/routing/queues/\(queue.id)", as: agent)[
            "outboundEmailAddress"]
        guard let domain = place?["domain"]?["id"]?.string, domain.isDomainName,
            let route = place?["route"]
        else { return nil }
        if route["pattern"]?.string != nil { return Self.address(route, domain) }
        guard let id = route["id"]?.string, id.isPlainID else { return nil }
        let path = "/api/v2/routing/email/domains/\(domain)/routes/\(id)"
        return Self.address(try await settings(path, as: agent), domain)
    }

    public func start(
        _ mail: OutgoingMail, as agent: AgentAccess
    ) async throws(ParticipationError) -> String {
        guard mail.queue.isPlainID else { throw .refused("a queue has no such id") }
        var members: [(String, JSON)] = [
            ("provider", "PureCloud Email"), ("direction", "OUTBOUND"),
            ("queueId", .string(mail.queue)), ("toAddress", .string(mail.to)),
            ("subject", .string(mail.subject)),
        ]
        if let name = mail.toName { members.append(("toName", .string(name))) }
        let answer: Answer
        do throws(TransportError) {
            answer = try await ask(
                agent, "POST", "/api/v2/conversations/emails", JSON(members: members))
        } catch {
            switch error {
            case .notSent(let reason): throw .unavailable(reason)
            case .unknown(let reason): throw .uncertain(reason)
            }
        }
        return try Self.started(answer)
    }

    /// Genesys has no way to ask for the same one again: whatever may have been carried out is uncertain, as where
    /// conversations are created.
    private static func started(_ answer: Answer) throws(ParticipationError) -> String {
        switch answer.status {
        case 408, 409, 500...: throw .uncertain(answer.complaint)
        case 200..<300:
            guard let id = answer.body?["id"]?.string, id.isPlainID else {
                throw .uncertain("the conversation came without an id")
            }
            return id
        default: throw ParticipationError(answer)
        }
    }

    /// A pattern for many names, such as `*`, is no address.
    private static func address(_ route: JSON, _ domain: String) -> String? {
        guard let pattern = route["pattern"]?.string, pattern.isMailboxName else { return nil }
        return "\(pattern)@\(domain)"
    }
}

extension String {
    fileprivate var isDomainName: Bool {
        contains(".") && utf8.count <= 253
            && split(separator: ".", omittingEmptySubsequences: false)
                .allSatisfy { String($0).isPlainID }
    }

    fileprivate var isMailboxName: Bool {
        !isEmpty && utf8.count <= 64
            && utf8.allSatisfy { byte in
                switch Unicode.Scalar(byte) {
                case "a"..."z", "A"..."Z", "0"..."9", ".", "_", "-", "+": true
                default: false
                }
            }
    }
}
