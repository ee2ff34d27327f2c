import TUF

/// What the last check of an update said, for the directory as it was then.
public struct Verdict: Codable, Sendable {
    public let isAccepted: Bool
    /// Seconds since 1970.
    public let checkedAt: Int64
    public let fingerprint: UpdateFingerprint
    public let findings: [Finding]
    public let fatalCount: Int
    public let warningCount: Int
    public let files: Int
    public let bytes: Int64
    /// When the first of its metadata expires: `YYYY-MM-DDTHH:MM:SSZ`; nil when they could not be read.
    public let expires: String?
    /// The SHA-256 of the inventory's text, 64 hexadecimal digits; nil when the update was refused.
    public let inventory: String?

    /// The same verdict on the same content with other metadata, which were signed here just now.
    init(_ before: Verdict, inventory: Inventory, fingerprint: UpdateFingerprint, expires: MetadataTime?) {
        isAccepted = before.isAccepted
        checkedAt = before.checkedAt
        self.fingerprint = fingerprint
        findings = before.findings.filter { !$0.path.hasPrefix("tuf/") }
        fatalCount = before.fatalCount
        warningCount = before.warningCount - (before.findings.count - findings.count)
        files = inventory.files.count
        bytes = inventory.bytes
        self.expires = expires?.description
        self.inventory = Digest(of: inventory.text.utf8).hex
    }

    init(_ report: UpdateReport, inventory: Inventory?, fingerprint: UpdateFingerprint, checkedAt: Int64) {
        isAccepted = report.isAccepted
        self.checkedAt = checkedAt
        self.fingerprint = fingerprint
        findings = report.findings
        fatalCount = report.fatalCount
        warningCount = report.warningCount
        files = report.files
        bytes = report.bytes
        expires = report.expires?.description
        self.inventory = inventory.map { Digest(of: $0.text.utf8).hex }
    }
}
