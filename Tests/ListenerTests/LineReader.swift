import ExactJSON

/// The lines of a chunked body.
final class LineReader {
    let head: Client.Answer
    private var client: Client?
    private var pending: [String] = []

    init(client: Client, head: Client.Answer) {
        self.client = client
        self.head = head
    }

    /// Ends the connection.
    func close() { client = nil }

    /// `nil` at the end of the body.
    func line() async throws -> String? {
        while pending.isEmpty {
            guard let size = try await client?.line().flatMap({ Int($0, radix: 16) }), size > 0
            else {
                return nil
            }
            guard let text = try await client?.bytes(size) else { return nil }
            _ = try await client?.line()
            pending = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
                .map(String.init)
        }
        return pending.removeFirst()
    }

    func json() async throws -> JSON? {
        guard let line = try await line() else { return nil }
        return try JSON(parsing: line.utf8)
    }
}
