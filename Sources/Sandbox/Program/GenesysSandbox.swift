public import ArgumentParser

/// The program `genesys-sandbox`.
public struct GenesysSandbox: AsyncParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "genesys-sandbox",
        abstract: "A pretend Genesys Cloud for trying out and testing genesys-bridge.",
        discussion: """
            Keeps everything in memory, and knows one OAuth client, one queue and one flow from \
            the start. While it runs, /sandbox shows what arrived, plans faults and sets limits; \
            the page at / lists how.
            """,
        subcommands: [Serve.self])

    public init() {}
}
