import Logging
import Synchronization

/// Keeps what is logged.
final class MemoryLog: Sendable {
    private struct Handler: LogHandler {
        let log: MemoryLog
        var metadata: Logger.Metadata = [:]
        var logLevel: Logger.Level = .trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let fields = metadata.merging(event.metadata ?? [:]) { _, new in new }
            log.lines.withLock { $0.append("\(event.level) \(event.message) \(fields)") }
        }
    }

    let lines = Mutex<[String]>([])

    var text: String { lines.withLock { $0.joined(separator: "\n") } }
    var logger: Logger { Logger(label: "tests") { _ in Handler(log: self) } }
}
