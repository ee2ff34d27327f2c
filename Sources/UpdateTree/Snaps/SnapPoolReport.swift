import Snaps

/// What a check of a pool said.
public struct SnapPoolReport: Sendable {
    public let key: SnapPoolKey
    /// Nil when there is none that can be read.
    public let index: SnapIndex?
    public let findings: [Finding]

    /// Devices are served from a pool without a fatal finding.
    public var isAccepted: Bool { !findings.contains(where: \.isFatal) }
}
