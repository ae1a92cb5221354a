public import ArgumentParser

/// The program `genesys-sandbox`.
public struct GenesysSandbox: AsyncParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "genesys-sandbox",
        abstract: "A pretend Genesys Cloud for trying out and testing genesys-bridge.",
        discussion: """
            Keeps everything in memory, and knows an OAuth client for a program and two that agents \
            log in at, two queues, a flow, three agents and two supervisors from the start. A conversation waits in its queue until /sandbox offers it to \
            an agent, whose token then answers and ends it through the API. /sandbox also shows \
            what arrived, plans faults and sets limits; the page at / lists how. At /shop is a \
            demo shop, which writes to a bridge and shows what comes back, and at /desk the agents' \
            desk, which shows a bridge's widget.
            """,
        subcommands: [Serve.self])

    public init() {}
}
