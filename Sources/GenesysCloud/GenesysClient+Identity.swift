import ExactJSON

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
        let answer = try await call("GET", "/api/v2/tokens/me")
        guard answer.status == 200, let id = answer.body?["organization"]?["id"]?.string else {
            throw answer.status == 403
                ? .unauthorized("reading the token's organisation: \(answer.complaint)")
                : .unreachable("reading the token's organisation: \(answer.complaint)")
        }
        return (id, answer.body?["organization"]?["name"]?.string)
    }

    /// The name of a queue.
    public func queueName(_ id: String) async throws(CheckError) -> String {
        let answer: Answer
        do {
            answer = try await call("GET", "/api/v2/routing/queues/\(id)")
        } catch {
            throw CheckError("\(error)")
        }
        switch answer.status {
        case 200:
            return answer.body?["name"]?.string ?? id
        case 403:
            throw CheckError(
                "reading queue \(id) is not allowed (\(answer.complaint)); give the client's role "
                    + "routing:queue:view and the queue's division")
        case 404:
            throw CheckError(
                "there is no queue \(id) in this organisation; copy the id from the queue's address "
                    + "in Genesys Cloud Admin")
        default:
            throw CheckError("reading queue \(id): \(answer.complaint)")
        }
    }
}
