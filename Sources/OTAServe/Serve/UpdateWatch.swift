import Dispatch
import Foundation
import Logging
import ServiceLifecycle
import TUF
import UpdateTree

/// Keeps what is served in step with the tree: looks at it every two seconds, checks in the background what came by
/// hand or changed, and tells the gateway what was accepted.
actor UpdateWatch {
    static let interval = Duration.seconds(2)
    /// Every so many looks the directories of accepted updates are compared too.
    private static let thoroughEvery = 15

    private let library: UpdateLibrary
    private let served: ServedUpdates
    private let settings: VerificationSettings
    private let snaps: SnapWatch
    private let logger: Logger
    private var survey: UpdateSurvey
    private var looks = 0
    private var isChecking = false
    /// Updates whose check was tried in this round.
    private var attempted: Set<UpdateKey> = []

    init(library: UpdateLibrary, served: ServedUpdates, settings: VerificationSettings, snaps: SnapWatch, logger: Logger) {
        self.library = library
        self.served = served
        self.settings = settings
        self.snaps = snaps
        self.logger = logger
        survey = UpdateSurvey(library: library)
    }

    /// Looks at the tree now and publishes what is accepted. Returns what waits for a check.
    @discardableResult
    func look() async -> [UpdateKey] {
        guard served.policy == .verified else {
            await snaps.look(updates: (try? library.catalogue.keys()) ?? [])
            return []
        }
        looks += 1
        do {
            // The first look decides what is served from the first request on: it compares everything.
            let look = try survey.look(thorough: looks % Self.thoroughEvery == 1)
            served.publish(look)
            await snaps.look(updates: look.accepted)
            return look.toCheck
        } catch {
            logger.error("updates_not_surveyed", metadata: ["reason": "\(error)"])
            return []
        }
    }

    func run() async {
        while !Task.isCancelled {
            let waiting = await look()
            // In turns: one that cannot be checked must not keep the others waiting.
            if waiting.allSatisfy(attempted.contains) { attempted = [] }
            if let key = waiting.first(where: { !attempted.contains($0) }) {
                attempted.insert(key)
                await check(key)
            }
            do { try await Task.sleep(for: Self.interval) } catch { return }
        }
    }

    private func check(_ key: UpdateKey) async {
        guard !isChecking else { return }
        isChecking = true
        defer { isChecking = false }
        logger.info("update_check_started", metadata: ["update": "\(key)"])
        let library = library
        let settings = settings
        let outcome = await withCheckedContinuation { continuation in
            DispatchQueue.global(qos: .utility).async {
                continuation.resume(
                    returning: Result { () throws in
                        let claim = try ImportClaim.importing(into: library.data)
                        return try claim.whileHeld { () throws in
                            try InPlaceCheck(library: library, settings: settings).run(key, now: MetadataTime(seconds: Assembly.clock()))
                        }
                    })
            }
        }
        report(outcome, key)
        await look()
    }

    private func report(_ outcome: Result<UpdateReport, any Error>, _ key: UpdateKey) {
        switch outcome {
        case .success(let report) where report.isAccepted:
            logger.notice("update_accepted", metadata: ["update": "\(key)", "files": "\(report.files)"])
        case .success(let report):
            let first = report.findings.first(where: \.isFatal).map { "\($0.path): \($0.slug): \($0.message)" } ?? ""
            logger.warning(
                "update_refused", metadata: ["update": "\(key)", "fatal": "\(report.fatalCount)", "first": "\(first)"])
        case .failure(let error): logger.warning("update_not_checked", metadata: ["update": "\(key)", "reason": "\(error)"])
        }
    }
}

/// Runs the watch until the service group stops.
struct UpdateWatchService: Service {
    let watch: UpdateWatch

    func run() async throws {
        await cancelWhenGracefulShutdown { await watch.run() }
    }
}
