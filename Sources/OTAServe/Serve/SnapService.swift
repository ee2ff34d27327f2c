import Fleet
import Logging
import ServiceLifecycle

/// Writes behind what heartbeats changed: once a second, and when the server stops.
struct SnapService: Service {
    let snaps: RequiredSnaps
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await save()
                do { try await Task.sleep(for: .seconds(1)) } catch { return }
            }
        }
        await save()
    }

    private func save() async {
        do {
            try await snaps.save()
        } catch {
            logger.warning("snaps_not_stored", metadata: ["reason": "\(error)", "remedy": "it is tried again every second"])
        }
    }
}
