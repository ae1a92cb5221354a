public import ArgumentParser

/// The program `genesys-bridge`.
public struct BridgeCommand: AsyncParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "genesys-bridge",
        abstract: "Brings a shop's customer messages to the agents of Genesys Cloud.",
        discussion: """
            Set it up:
              genesys-bridge settings > /etc/genesys-bridge/config.yaml
              genesys-bridge check --live        tries the settings and asks Genesys
              genesys-bridge callback test       tries the way back to the shop
              genesys-bridge serve               runs until it is told to stop

            Look at it while it runs:
              genesys-bridge outbox status       how it is, and what to do
              genesys-bridge outbox tail         every change as it happens
              genesys-bridge thread concerns     customers somebody has to see to

            Exit codes: 0 done, 64 wrong use, 66 no such entry, 69 not reached, 74 the disk failed,
            75 another bridge has the store, 77 not allowed, 78 wrong settings.
            """,
        subcommands: [
            ServeCommand.self, CheckCommand.self, SettingsCommand.self, CallbackCommand.self,
            OutboxCommand.self,
            ThreadCommand.self,
        ])

    public init() {}
}
