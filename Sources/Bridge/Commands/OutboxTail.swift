import ArgumentParser
import CurlTransport
import ExactJSON
import Outbox

struct OutboxTail: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tail",
        abstract: "Shows every change as it happens, until it is interrupted.",
        discussion: """
            Begins with what comes next, and goes on without a gap when the daemon restarts.

            Examples:
              genesys-bridge outbox tail
              genesys-bridge outbox tail --after 0 --json | jq 'select(.state == "dead")'
            """)

    @Option(
        help: ArgumentHelp("Begin behind the change of that number, 0 for all.", valueName: "n"))
    var after: Int64?

    @OptionGroup var ops: OpsOptions

    func run() async throws {
        try await CommandFailure.exiting {
            try await ops.withClient { client in
                let output = Terminal.standardOutput
                var last = try await client.lastChange(unless: after)
                var isLost = false
                while !Task.isCancelled {
                    do {
                        for try await line in client.changes(after: last) {
                            isLost = false
                            guard let change = try? JSON(parsing: line.utf8) else { continue }
                            output.write(
                                (ops.json ? line : change.tailLine(colored: output.isColored))
                                    + "\n")
                            if case .number(let number)? = change["sequence"] {
                                last = Int64(number) ?? last
                            }
                        }
                    } catch let error as TransportError {
                        if !isLost {
                            let message = client.unreachable(error).message
                            Terminal.standardError.write("\(message) Trying on.\n")
                        }
                        isLost = true
                    }
                    try await Task.sleep(for: .seconds(1))
                }
            }
        }
    }
}

extension OpsClient {
    /// Where a tail begins; asked first, so that nothing is missed if the stream breaks at once.
    fileprivate func lastChange(unless after: Int64?) async throws -> Int64 {
        if let after { return after }
        let answer = try JSON(parsing: try await ask("GET", "/outbox?limit=1"))
        guard case .number(let number)? = answer["last_change"], let last = Int64(number) else {
            throw CommandFailure(
                .software, "The answer names no last change.",
                next: "Is that the ops face of a bridge?")
        }
        return last
    }

    /// The changes behind one, a line of JSON each.
    ///
    /// - Throws: `TransportError` when the connection breaks, `CommandFailure` when the daemon refuses.
    fileprivate func changes(after last: Int64) -> AsyncThrowingStream<String, any Error> {
        let path = "/outbox/stream?format=ndjson&after=\(last)"
        let chunks = stream(path, accepting: "application/x-ndjson")
        return AsyncThrowingStream { continuation in
            let task = Task {
                var lines = LineSplitter()
                do {
                    for try await chunk in chunks {
                        for line in lines.add(chunk) where !line.isEmpty {
                            continuation.yield(line)
                        }
                    }
                    continuation.finish()
                } catch {
                    continuation.finish(throwing: error)
                }
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }
}

/// Makes lines out of pieces that end anywhere.
struct LineSplitter {
    private var rest: [UInt8] = []

    /// The lines that are whole now, without their ends.
    mutating func add(_ bytes: some Sequence<UInt8>) -> [String] {
        rest += bytes
        var lines: [String] = []
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            lines.append(String(decoding: rest[..<end], as: UTF8.self))
            rest.removeSubrange(...end)
        }
        return lines
    }
}

extension JSON {
    /// A change as one line: when, what became of which entry of which thread, why and by whom.
    func tailLine(colored: Bool) -> String {
        func text(_ name: String) -> String { self[name]?.string?.onOneLine ?? "" }
        let state = text("state")
        let style = EntryState(state)?.style ?? .plain
        let words = [
            text("at").styled(.faint, if: colored),
            state.padded(to: 9).styled(style, if: colored),
            text("entry"), "\(text("shop"))/\(text("thread"))", text("reason"),
            text("actor").isEmpty ? "" : "by \(text("actor"))",
        ]
        return words.filter { !$0.isEmpty }.joined(separator: "  ")
    }
}
