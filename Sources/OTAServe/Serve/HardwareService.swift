import Dispatch
import Fleet
import Logging
import ServiceLifecycle
import UpdateTree

/// Finds out what devices are made of that did not tell themselves, by the targets that they run: once a minute, and only
/// when there are such devices and targets, or updates, that were not looked at before.
actor HardwareService: Service {
    static let interval = Duration.seconds(60)

    private let library: UpdateLibrary
    private let registry: DeviceRegistry
    private let logger: Logger
    private var seen: (targets: Set<String>, updates: [UpdateKey]) = ([], [])

    init(library: UpdateLibrary, registry: DeviceRegistry, logger: Logger) {
        self.library = library
        self.registry = registry
        self.logger = logger
    }

    func run() async throws {
        await cancelWhenGracefulShutdown { await self.repeatLooking() }
    }

    private func repeatLooking() async {
        while !Task.isCancelled {
            do {
                try await look()
            } catch {
                logger.warning("hardware_not_looked_at", metadata: ["reason": "\(error)"])
            }
            do { try await Task.sleep(for: Self.interval) } catch { return }
        }
    }

    private func look() async throws {
        let targets = registry.targetsOfUnknownHardware()
        guard !targets.isEmpty else { return }
        let updates = try library.catalogue.keys()
        guard updates != seen.updates || !targets.isSubset(of: seen.targets) else { return }
        let hardware = await Self.hardware(of: targets, in: updates, library)
        let count = try await registry.note(hardwareByTarget: hardware)
        seen = (targets, updates)
        if count > 0 { logger.info("hardware_found", metadata: ["devices": "\(count)"]) }
    }

    /// The hardware ids of the targets for which all updates name the same one. Off the threads that serve.
    private static func hardware(of targets: Set<String>, in updates: [UpdateKey], _ library: UpdateLibrary) async -> [String: String] {
        await withCheckedContinuation { continuation in
            DispatchQueue.global(qos: .utility).async {
                var found: [String: Set<String>] = [:]
                for key in updates {
                    // One that cannot be read says nothing; its verification tells why.
                    guard let update = try? library.update(key) else { continue }
                    for target in update.targets where targets.contains(target.name) {
                        found[target.name, default: []].formUnion(target.hardwareIDs.filter { HardwareID.isValid($0) })
                    }
                }
                continuation.resume(returning: found.compactMapValues { $0.count == 1 ? $0.first : nil })
            }
        }
    }
}
