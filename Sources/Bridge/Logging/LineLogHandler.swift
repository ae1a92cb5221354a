import Logging
import Outbox

/// Writes each event as one line.
struct LineLogHandler: LogHandler {
    let label: String
    let form: LogLine
    let now: @Sendable () -> Timestamp
    let output: @Sendable (String) -> Void

    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?

    func log(event: LogEvent) {
        var all = metadata.merging(metadataProvider?.get() ?? [:]) { $1 }
        all.merge(event.metadata ?? [:]) { $1 }
        if let error = event.error { all["error"] = "\(error)" }
        output(
            form.line(
                at: now(), level: event.level, label: label, message: event.message.description,
                metadata: all))
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }
}

extension LineLogHandler {
    /// Sends the process's log to standard error; once in a process, from the executable only.
    static func bootstrap(_ log: Settings.Log) {
        let form: LogLine =
            switch log.format {
            case .text: .text(colored: Terminal.standardError.isColored)
            case .json: .json
            }
        LoggingSystem.bootstrap { label in
            LineLogHandler(
                label: label, form: form, now: Environment.live.now,
                output: { Terminal.standardError.write("\($0)\n") },
                logLevel: log.level)
        }
    }
}
