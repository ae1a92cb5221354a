import ArgumentParser

/// `genesys-bridge settings`: the example file.
struct SettingsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "settings",
        abstract: "Prints every setting, explained, as a file to start from.",
        discussion: """
            Example:
              genesys-bridge settings > /etc/genesys-bridge/config.yaml
            """)

    func run() async throws {
        Terminal.standardOutput.write(Settings.example)
    }
}
