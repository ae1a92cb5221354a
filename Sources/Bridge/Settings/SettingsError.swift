/// Why the settings cannot be used: every reason there is, not only the first.
struct SettingsError: Error, Equatable, CustomStringConvertible {
    var problems: [SettingProblem]

    var description: String { problems.map(\.description).joined(separator: "\n") }
}

struct SettingProblem: Error, Equatable, CustomStringConvertible {
    /// Where the value came from; `nil` for one that is missing.
    var origin: SettingOrigin?
    /// Begins with the key's whole path and ends with what to do.
    var message: String

    var description: String { origin.map { "\($0): \(message)" } ?? message }
}

/// Where a value was given.
enum SettingOrigin: Sendable, Hashable, CustomStringConvertible {
    case file(String, line: Int?)
    case environment(String)
    case credential(String)

    var description: String {
        switch self {
        case .file(let name, let line?): "\(name):\(line)"
        case .file(let name, nil): name
        case .environment(let name): "environment variable \(name)"
        case .credential(let name): "credential \(name)"
        }
    }
}
