import ArgumentParser
import FoundationEssentials

/// Where the settings are read from.
struct SettingsOptions: ParsableArguments {
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "The file of settings; without it, \(SettingsInput.defaultPath) if there is one.",
            valueName: "file"))
    var config: String?

    func input() throws(SettingsError) -> SettingsInput {
        try .read(path: config, environment: ProcessInfo.processInfo.environment)
    }
}
