import FoundationEssentials

/// The texts that settings are read from, as they lie on the disk and in the environment.
struct SettingsInput: Sendable {
    var file: File?
    /// The whole environment; only `BRIDGE_…` and `STATE_DIRECTORY` are looked at.
    var environment: [String: String] = [:]
    /// By file name, as in systemd's `$CREDENTIALS_DIRECTORY`.
    var credentials: [String: String] = [:]

    struct File: Sendable {
        /// As messages show it.
        var name: String
        var text: String
    }

    static let defaultPath = "/etc/genesys-bridge/config.yaml"

    /// Reads the file, `defaultPath` if none is named, and what systemd left for us.
    ///
    /// - Throws: if a file that has to be there cannot be read; nobody needs `defaultPath`.
    static func read(
        path: String?, environment: [String: String]
    ) throws(SettingsError) -> SettingsInput {
        var input = SettingsInput(environment: environment)
        if path != nil || FileManager.default.fileExists(atPath: defaultPath) {
            let path = path ?? defaultPath
            let next = "Name a file with --config, or have the right to read this one."
            input.file = File(name: path, text: try text(of: path, next: next))
        }
        guard let directory = environment["CREDENTIALS_DIRECTORY"] else { return input }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        for name in names where !name.hasPrefix(".") {
            let next = "Credentials are files whose only reader is the service."
            input.credentials[name] = try text(of: "\(directory)/\(name)", next: next)
        }
        return input
    }

    private static func text(of path: String, next: String) throws(SettingsError) -> String {
        let message: String
        do {
            let data = try Data(contentsOf: URL(filePath: path))
            if let text = String(validating: data, as: UTF8.self) { return text }
            message = "is not UTF-8 text."
        } catch {
            let missing = (error as? CocoaError)?.code == .fileReadNoSuchFile
            message = "\(missing ? "there is no such file" : "cannot be read"). \(next)"
        }
        let problem = SettingProblem(origin: .file(path, line: nil), message: message)
        throw SettingsError(problems: [problem])
    }
}
