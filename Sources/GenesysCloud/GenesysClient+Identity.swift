import ExactJSON
import Outbox

/// What an error of a check says to the person who runs it.
public struct CheckError: Error, Sendable, Equatable, CustomStringConvertible {
    public var description: String

    public init(_ description: String) {
        self.description = description
    }
}

extension GenesysClient {
    /// The organisation the token belongs to.
    ///
    /// `tokens/me` is the only such question that client credentials may ask; `users/me` is refused to
    /// them.
    public func organization() async throws(CallError) -> (id: String, name: String?) {
        // Never stopped: the first delivery waits for it, and the destination's gate paces that.
        let answer = try await callAnyway(.account, "GET", "/api/v2/tokens/me")
        guard answer.status == 200, let id = answer.body?["organization"]?["id"]?.string else {
            throw .unreachable("reading the token's organisation: \(answer.complaint)")
        }
        return (id, answer.body?["organization"]?["name"]?.string)
    }

    /// The name of a queue.
    public func queueName(_ id: String) async throws(CheckError) -> String {
        let answer: Answer
        do {
            answer = try await callAnyway(.account, "GET", "/api/v2/routing/queues/\(id)")
        } catch .forbidden(let reason) {
            throw .unreadable(queue: id, reason)
        } catch {
            throw CheckError("reading queue \(id): \(error.reason)")
        }
        switch answer.status {
        case 200:
            return answer.body?["name"]?.string ?? id
        case 403:
            throw .unreadable(queue: id, answer.complaint)
        case 404:
            throw CheckError(
                "there is no queue \(id) in this organisation; copy the id from the queue's address "
                    + "in Genesys Cloud Admin")
        default:
            throw CheckError("reading queue \(id): \(answer.complaint)")
        }
    }
}

extension CheckError {
    fileprivate static func unreadable(queue id: String, _ reason: String) -> Self {
        CheckError(
            "reading queue \(id) is not allowed (\(reason)); give the client's role "
                + "routing:queue:view and the queue's division")
    }
}
