import ArgumentParser
import CurlTransport
import Foundation

struct TransportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "transport",
        abstract: "Creates conversations by the bridge's transport alone, without an outbox.")

    @Option(help: "Where on 127.0.0.1 the sandbox is.")
    var port: Int

    @Option(help: "A file with the body of a creation.")
    var body: String

    @Option(help: "A token of the sandbox's.")
    var token: String

    @Option(help: "How many are under way at once.")
    var connections = 16

    @Option(help: "How many.")
    var count: Int

    @Option(help: "Milliseconds between the answer and the next, for a single connection.")
    var pause = 0

    func run() async throws {
        let transport = CurlTransport(userAgent: "genesys-bench")
        var request = TransportRequest(
            method: "POST", url: "http://127.0.0.1:\(port)/api/v2/conversations/emails")
        request.headers = [
            ("Authorization", "Bearer \(token)"), ("Content-Type", "application/json"),
            ("Accept", "application/json"),
        ]
        request.body = Array(try Data(contentsOf: URL(filePath: body)))
        let clock = ContinuousClock()
        let start = clock.now
        let figures = try await withThrowingTaskGroup(of: [(Duration, Int)].self) { group in
            for connection in 0..<connections {
                group.addTask { [request] in
                    var answers: [(Duration, Int)] = []
                    for _ in stride(from: connection, to: count, by: connections) {
                        let sent = clock.now
                        let answer = try await transport.send(request)
                        answers.append((clock.now - sent, answer.status))
                        if pause > 0 { try await Task.sleep(for: .milliseconds(pause)) }
                    }
                    return answers
                }
            }
            var figures = Figures()
            for try await answers in group {
                for (latency, status) in answers { figures.record(latency, status: status) }
            }
            return figures
        }
        figures.report(over: clock.now - start)
        await transport.shutdown()
    }
}
