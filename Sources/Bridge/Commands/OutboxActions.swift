import ArgumentParser
import ExactJSON

struct OutboxRetry: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry",
        abstract: "Sends an entry again: a dead one, or one in doubt or held.",
        discussion: """
            A dead entry goes to the end of its thread. One that is in_doubt or held may be in Genesys
            already, so look there first, and say --may-double to send it all the same.

            Examples:
              genesys-bridge outbox retry 06f9k3zq2m1ab
              genesys-bridge outbox retry 06f9k3zq2m1ab --may-double
              genesys-bridge outbox retry --all-dead
            """)

    @Argument(help: "The entry's id.")
    var id: String?

    @Flag(help: "Send it although Genesys may have it already.")
    var mayDouble = false

    @Flag(help: "Retry every dead entry, the oldest first.")
    var allDead = false

    @OptionGroup var ops: OpsOptions

    func validate() throws {
        guard (id == nil) == allDead else {
            throw ValidationError("Name one entry, or say --all-dead.")
        }
        guard !(allDead && mayDouble) else {
            throw ValidationError("--may-double is for one entry; a dead one needs it not.")
        }
    }

    func run() async throws {
        guard let id else {
            try await ops.act("POST", "/outbox/retry?state=dead") { OrderReport.retried($0) }
            return
        }
        let body: JSON? = mayDouble ? ["may_double": true] : nil
        try await ops.act("POST", "/outbox/\(id.escaped)/retry", body) { OrderReport.line($0) }
    }
}

struct OutboxDiscard: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "discard",
        abstract: "Gives an entry up: it is never sent, and its thread goes on.")

    @Argument(help: "The entry's id.")
    var id: String

    @OptionGroup var ops: OpsOptions

    func run() async throws {
        try await ops.act("POST", "/outbox/\(id.escaped)/discard") { OrderReport.line($0) }
    }
}

struct OutboxDelivered: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delivered",
        abstract: "Records that an entry in doubt or held is in Genesys, so it is not sent again.",
        discussion: """
            Look in Genesys for a conversation to the address that is the entry's id.

            Example:
              genesys-bridge outbox delivered 06f9k3zq2m1ab --reference CONVERSATION
            """)

    @Argument(help: "The entry's id.")
    var id: String

    @Option(help: "The conversation's id in Genesys.")
    var reference: String

    @OptionGroup var ops: OpsOptions

    func run() async throws {
        try await ops.act(
            "POST", "/outbox/\(id.escaped)/delivered", ["reference": .string(reference)]
        ) { OrderReport.line($0) }
    }
}

struct LaneHold: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hold",
        abstract: "Stops a lane: nothing of its thread is sent until it is released.")

    @Argument(help: "The lane's id, which outbox show tells.")
    var lane: String

    @OptionGroup var ops: OpsOptions

    func run() async throws {
        try await ops.act("POST", "/lanes/\(lane.escaped)/hold") { _ in "lane \(lane) is held" }
    }
}

struct LaneRelease: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "release", abstract: "Lets a held lane go on.")

    @Argument(help: "The lane's id, which outbox show tells.")
    var lane: String

    @OptionGroup var ops: OpsOptions

    func run() async throws {
        try await ops.act("POST", "/lanes/\(lane.escaped)/release") { _ in
            "lane \(lane) goes on"
        }
    }
}

extension OpsOptions {
    /// Orders something, and prints one line of what came of it.
    func act(
        _ method: String, _ path: String, _ body: JSON? = nil, line: (JSON) -> String
    ) async throws {
        try await CommandFailure.exiting {
            try await withClient { client in
                let answer = try await client.ask(method, path, body: body)
                try show(answer) { value, _ in [line(value)] }
            }
        }
    }
}
