import ArgumentParser

/// What `scripts/bench` measures with: the load, and the limits that the bridge is compared with.
@main
struct BenchTool: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "genesys-bench",
        abstract: "Loads the bridge, and measures what it is compared with; see scripts/bench.",
        subcommands: [
            LoadCommand.self, BareCommand.self, FillCommand.self, KeepNothingCommand.self,
            TransportCommand.self,
        ])
}
