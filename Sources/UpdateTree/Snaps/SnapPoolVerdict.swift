/// What the last check of a pool said, for the folder as it was then: `verdicts/<channel>/<tag>/_snaps/verdict.json`.
struct SnapPoolVerdict: Codable, Sendable {
    let isAccepted: Bool
    /// Seconds since 1970.
    let checkedAt: Int64
    let fingerprint: SnapPoolFingerprint
    let findings: [Finding]
    /// The files that were what the index says, so that their digests need not be taken again.
    let sound: [String: SnapStamp]
}
