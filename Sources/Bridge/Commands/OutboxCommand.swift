import ArgumentParser
import ExactJSON
import Outbox

/// `genesys-bridge outbox`: what the daemon has, and what a person may do about it.
struct OutboxCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "outbox",
        abstract: "Shows the messages of a running bridge, and acts on them.",
        discussion: """
            All of these ask the daemon's ops face, so they work from another machine too:
              GENESYS_BRIDGE_URL=https://bridge.example.com GENESYS_BRIDGE_TOKEN=… \\
                genesys-bridge outbox status
            """,
        subcommands: [
            OutboxStatus.self, OutboxList.self, OutboxShow.self, OutboxTail.self,
            OutboxRetry.self, OutboxDiscard.self, OutboxDelivered.self, LaneHold.self,
            LaneRelease.self,
        ])
}

struct OutboxStatus: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Shows counts, the oldest message, the pace, and everything that is stopped.")

    @OptionGroup var ops: OpsOptions

    func run() async throws {
        try await CommandFailure.exiting {
            try await ops.withClient { client in
                try ops.show(try await client.ask("GET", "/outbox?limit=1")) {
                    StatusReport($0).lines(colored: $1)
                }
            }
        }
    }
}

struct OutboxList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists entries, the newest first.",
        discussion: """
            Examples:
              genesys-bridge outbox list --state in_doubt
              genesys-bridge outbox list --find 3f6a0c1e-0000-4000-8000-00000000000c
            """)

    @Option(
        help: "Only entries of that state: \(EntryState.names).",
        transform: { text in
            guard let state = EntryState(text) else {
                throw ValidationError("it is “\(text)”, not one of \(EntryState.names).")
            }
            return state
        })
    var state: EntryState?

    @Option(help: "Only entries of the thread of that key.")
    var thread: String?

    @Option(help: "Only entries of that id, thread, idempotency key or conversation.")
    var find: String?

    @Option(help: "Only entries older than that one.")
    var after: String?

    @Option(help: "The most to list, 1 to 500.")
    var limit = 50

    @OptionGroup var ops: OpsOptions

    func validate() throws {
        guard (1...500).contains(limit) else {
            throw ValidationError("--limit is \(limit), not a number from 1 to 500.")
        }
    }

    func run() async throws {
        let terms = [
            ("state", state?.description), ("thread", thread), ("q", find), ("after", after),
            ("limit", String(limit)),
        ]
        let query = terms.compactMap { name, value in value.map { "\(name)=\($0.escaped)" } }
        try await CommandFailure.exiting {
            try await ops.withClient { client in
                let path = "/outbox?\(query.joined(separator: "&"))"
                try ops.show(try await client.ask("GET", path)) {
                    EntryList($0).lines(colored: $1)
                }
            }
        }
    }
}

struct OutboxShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Shows one entry with every attempt.")

    @Argument(help: "The entry's id, which is the one the shop got.")
    var id: String

    @OptionGroup var ops: OpsOptions

    func run() async throws {
        try await CommandFailure.exiting {
            try await ops.withClient { client in
                try ops.show(try await client.ask("GET", "/outbox/\(id.escaped)")) {
                    EntryReport($0).lines(colored: $1)
                }
            }
        }
    }
}

extension OpsOptions {
    /// Prints the answer as it came, or the lines made of it.
    func show(_ answer: [UInt8], as lines: (JSON, Bool) -> [String]) throws {
        let output = Terminal.standardOutput
        guard !json else {
            output.write(String(decoding: answer, as: UTF8.self).trimmed + "\n")
            return
        }
        guard let value = try? JSON(parsing: answer) else {
            throw CommandFailure(
                .software, "The answer is not JSON.", next: "Is that the ops face of a bridge?")
        }
        output.write(lines(value, output.isColored).map { "\($0)\n" }.joined())
    }
}

extension EntryState {
    static let names = allCases.map(\.description).joined(separator: ", ")
}
