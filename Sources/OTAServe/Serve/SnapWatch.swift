import Dispatch
import Logging
import ServiceLifecycle
import UpdateTree

/// Keeps the catalogue of snaps in step with the tree: what the accepted updates carry, and the pools, which it checks in
/// the background when they came by hand or changed.
actor SnapWatch {
    private let pools: SnapPools
    private let snaps: SnapCatalogue
    private let workers: Int
    private let logger: Logger
    private var survey: SnapSurvey
    private var updates: [UpdateKey] = []
    /// Pools whose check was tried in this round.
    private var attempted: Set<SnapPoolKey> = []

    init(library: UpdateLibrary, snaps: SnapCatalogue, settings: VerificationSettings, logger: Logger) {
        pools = SnapPools(library: library)
        self.snaps = snaps
        workers = settings.workers
        self.logger = logger
        survey = SnapSurvey(library: library)
    }

    /// Looks at the shelves now and publishes them. Returns the pools that wait for a check.
    ///
    /// - Parameter updates: those that may be served.
    @discardableResult
    func look(updates: some Collection<UpdateKey> & Sendable) -> [SnapPoolKey] {
        self.updates = Array(updates)
        let look = survey.look(updates: updates)
        snaps.publish(look.shelves)
        return look.toCheck
    }

    func run() async {
        while !Task.isCancelled {
            do { try await Task.sleep(for: UpdateWatch.interval) } catch { return }
            let waiting = look(updates: updates)
            // In turns: one that cannot be checked must not keep the others waiting.
            if waiting.allSatisfy(attempted.contains) { attempted = [] }
            guard let key = waiting.first(where: { !attempted.contains($0) }) else { continue }
            attempted.insert(key)
            await check(key)
        }
    }

    private func check(_ key: SnapPoolKey) async {
        logger.info("snap_pool_check_started", metadata: ["pool": "\(key)"])
        let (pools, workers) = (pools, workers)
        let outcome = await withCheckedContinuation { continuation in
            DispatchQueue.global(qos: .utility).async {
                continuation.resume(
                    returning: Result { () throws(UpdateTreeError) in
                        try pools.verify(key, workers: workers, now: Assembly.clock())
                    })
            }
        }
        report(outcome, key)
        look(updates: updates)
    }

    private func report(_ outcome: Result<SnapPoolReport, UpdateTreeError>, _ key: SnapPoolKey) {
        switch outcome {
        case .success(let report) where report.isAccepted:
            logger.notice("snap_pool_accepted", metadata: ["pool": "\(key)", "snaps": "\(report.index?.snaps.count ?? 0)"])
        case .success(let report):
            let first = report.findings.first(where: \.isFatal)?.description ?? ""
            logger.warning("snap_pool_refused", metadata: ["pool": "\(key)", "first": "\(first)"])
        case .failure(let error): logger.warning("snap_pool_not_checked", metadata: ["pool": "\(key)", "reason": "\(error)"])
        }
    }
}

/// Runs the watch until the service group stops.
struct SnapWatchService: Service {
    let watch: SnapWatch

    func run() async throws {
        await cancelWhenGracefulShutdown { await watch.run() }
    }
}
