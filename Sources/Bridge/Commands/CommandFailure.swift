import ArgumentParser

/// Why a command did not do what it was asked, and what to do about it.
struct CommandFailure: Error, Equatable, CustomStringConvertible {
    /// As in sysexits(3).
    enum Code: Int32, Sendable {
        /// What was given does not fit the state of things.
        case data = 65
        /// What was named does not exist.
        case notFound = 66
        case unavailable = 69
        /// An answer that makes no sense.
        case software = 70
        case ioError = 74
        /// It may work later.
        case temporary = 75
        case notAllowed = 77
        case settings = 78
    }

    var code: Code
    var message: String
    /// The next step, a whole sentence.
    var next: String?

    init(_ code: Code, _ message: String, next: String? = nil) {
        self.code = code
        self.message = message
        self.next = next
    }

    init(_ error: SettingsError) {
        self.init(
            .settings, error.description,
            next: "Every setting is explained by: genesys-bridge settings")
    }

    var description: String { ([message] + (next.map { [$0] } ?? [])).joined(separator: "\n") }
}

extension CommandFailure {
    /// Tells it on standard error and ends with its code.
    func exit() throws -> Never {
        Terminal.standardError.write("\(self)\n")
        throw ExitCode(code.rawValue)
    }

    /// Runs the body; a failure is told on standard error and becomes the exit code.
    static func exiting(_ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch let failure as CommandFailure {
            try failure.exit()
        } catch let error as SettingsError {
            try CommandFailure(error).exit()
        }
    }
}
