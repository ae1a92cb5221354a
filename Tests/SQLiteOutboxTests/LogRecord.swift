import Logging
import Synchronization

/// What was logged, for a test to read.
final class LogRecord: Sendable {
    private let lines = Mutex<[String]>([])

    var logger: Logger { Logger(label: "test") { _ in Handler(record: self) } }

    var errors: [String] { lines(.error) }
    var warnings: [String] { lines(.warning) }

    private func lines(_ level: Logger.Level) -> [String] {
        lines.withLock { $0.filter { $0.hasPrefix(level.rawValue + " ") } }
    }

    private struct Handler: LogHandler {
        let record: LogRecord
        var metadata = Logger.Metadata()
        var logLevel = Logger.Level.info

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let data = (event.metadata ?? [:]).map { "\($0)=\($1)" }.sorted()
            let line = ([event.level.rawValue, "\(event.message)"] + data).joined(separator: " ")
            record.lines.withLock { $0.append(line) }
        }
    }
}
