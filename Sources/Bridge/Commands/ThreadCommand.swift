import ArgumentParser
import ExactJSON

/// `genesys-bridge thread`: customers somebody has to see to, and what a person may do for them.
struct ThreadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "thread",
        abstract: "Shows customers who would be left without an answer, and sees to them.",
        discussion: """
            Like outbox, all of these ask the daemon's ops face.

            Examples:
              genesys-bridge thread concerns
              genesys-bridge thread recreate order:1042
              genesys-bridge thread dismiss order:1042 --reason "said thanks"
            """,
        subcommands: [
            ThreadConcerns.self, ThreadRecreate.self, ThreadDismiss.self, ThreadClose.self,
        ])
}

struct ThreadConcerns: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "concerns",
        abstract: "Lists customers to see to, the longest waiting first.")

    @OptionGroup var ops: OpsOptions

    func run() async throws {
        try await CommandFailure.exiting {
            try await ops.withClient { client in
                try ops.show(try await client.ask("GET", "/concerns")) {
                    ConcernList($0).lines(colored: $1)
                }
            }
        }
    }
}

/// Which thread an order is for.
struct ThreadOptions: ParsableArguments {
    @Argument(help: "The thread's key, as the shop got it.")
    var thread: String

    @Option(help: "The shop that the thread belongs to.")
    var shop = "default"

    @OptionGroup var ops: OpsOptions

    func order(_ action: String, _ body: JSON? = nil, done: String) async throws {
        let path = "/threads/\(shop.escaped)/\(thread.escaped)/\(action)"
        try await ops.act("POST", path, body) { _ in "\(thread) \(done)" }
    }
}

struct ThreadRecreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recreate",
        abstract: "Brings the customer's newest message to Genesys once more, now.")

    @OptionGroup var options: ThreadOptions

    func run() async throws {
        try await options.order("recreate", done: "is created again")
    }
}

struct ThreadDismiss: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dismiss",
        abstract: "Says why the customer needs no answer; the reason and who gave it are kept.")

    @Option(help: "Why, for whoever asks later.")
    var reason: String

    @OptionGroup var options: ThreadOptions

    func run() async throws {
        try await options.order(
            "dismiss", ["reason": .string(reason)], done: "needs no answer")
    }
}

struct ThreadClose: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "close",
        abstract: "Ends the matter: discards what waits, and ends a live conversation.")

    @OptionGroup var options: ThreadOptions

    func run() async throws { try await options.order("close", done: "is closed") }
}

/// The answer of `GET /concerns`.
struct ConcernList {
    private let answer: JSON

    init(_ answer: JSON) {
        self.answer = answer
    }

    func lines(colored: Bool) -> [String] {
        let concerns = answer["concerns"]?.array ?? []
        guard !concerns.isEmpty else { return ["Nobody has to be seen to."] }
        let head = ["WHAT", "SINCE", "SHOP", "THREAD", "WHY"]
        return Table(
            rows: [head.map { Table.Cell($0, .faint) }]
                + concerns.map { concern in
                    let isAlone = concern["kind"]?.string == "again"
                    return [
                        Table.Cell(
                            concern["kind"]?.string ?? "", isAlone ? .plain : .warning),
                        Table.Cell(concern["since"]?.string ?? ""),
                        Table.Cell(concern["shop"]?.string ?? ""),
                        Table.Cell(concern["thread"]?.string ?? ""),
                        Table.Cell(concern["reason"]?.string ?? ""),
                    ]
                }
        ).lines(colored: colored)
    }
}
