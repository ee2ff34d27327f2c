import DeviceAuth
import Fleet
import Logging
import Synchronization

/// Contacts of devices that come over the broker; written together, as the gateway does it.
final class ContactBuffer: Sendable {
    static let interval = Duration.seconds(2)

    private let waiting = Mutex<[DeviceEntry]>([])
    private let registry: DeviceRegistry
    private let logger: Logger

    init(registry: DeviceRegistry, logger: Logger) {
        self.registry = registry
        self.logger = logger
    }

    /// Notes a contact; false when the device is unknown, denied or deleted.
    func see(_ device: DeviceID) -> Bool {
        guard let entry = registry.directory[device] else { return false }
        let state = entry.state
        guard !state.isDenied, !state.isDeleted else { return false }
        entry.see(at: Assembly.clock())
        if entry.enqueue() { waiting.withLock { $0.append(entry) } }
        return true
    }

    func run() async {
        while !Task.isCancelled {
            do { try await Task.sleep(for: Self.interval) } catch { break }
            await write()
        }
    }

    func write() async {
        let entries = waiting.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
        guard !entries.isEmpty else { return }
        do {
            try await registry.save(entries.map { $0.dequeue() })
        } catch {
            logger.warning("check_ins_not_written", metadata: ["reason": "\(error)"])
            let again = entries.filter { $0.enqueue() }
            waiting.withLock { $0 += again }
        }
    }
}
