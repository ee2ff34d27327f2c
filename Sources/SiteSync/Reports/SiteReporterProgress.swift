import Fleet

/// How far a site's reports have come. Pure; ``SiteReporterState`` keeps it.
struct SiteReporterProgress: Codable, Equatable {
    /// Up to where lines are.
    struct Position: Codable, Equatable {
        /// The byte behind the last line of each rollout.
        var rollouts: [String: Int64] = [:]
        /// The number of the last line of the audit log.
        var audit: Int64 = 0
    }

    /// What upstream is known to have.
    private(set) var acknowledged = Position()
    /// Where each report ended that upstream has not acknowledged yet; those changed since ``acknowledged`` only.
    private(set) var outstanding: [Outstanding] = []
    private(set) var lastSequence: Int64 = 0

    struct Outstanding: Codable, Equatable {
        let sequence: Int64
        let position: Position
    }

    /// Reports that may wait for an acknowledgement; the oldest is forgotten first, and its lines simply come again.
    static let mostOutstanding = 64

    /// At least the time: a site that lost its state goes on above the reports that it made before.
    func nextSequence(now: Int64) -> Int64 { max(lastSequence + 1, now) }

    mutating func note(_ report: SiteReport) {
        lastSequence = report.sequence
        var position = Position()
        for event in report.events { position.rollouts[event.rollout.text] = event.next }
        position.audit = report.audit.last?.number ?? 0
        outstanding.append(Outstanding(sequence: report.sequence, position: position))
        if outstanding.count > Self.mostOutstanding { outstanding.removeFirst() }
    }

    /// False when nothing changed.
    mutating func acknowledge(_ sequence: Int64) -> Bool {
        guard let found = outstanding.first(where: { $0.sequence == sequence }) else { return false }
        for (rollout, next) in found.position.rollouts {
            acknowledged.rollouts[rollout] = max(next, acknowledged.rollouts[rollout] ?? 0)
        }
        acknowledged.audit = max(acknowledged.audit, found.position.audit)
        outstanding.removeAll { $0.sequence <= sequence }
        return true
    }
}
