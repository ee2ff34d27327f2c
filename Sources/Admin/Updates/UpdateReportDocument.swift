import UpdateTree

/// What a check of an update said, as the API shows it.
public struct UpdateReportDocument: Encodable, Sendable {
    struct Entry: Encodable, Sendable {
        let severity: String
        let path: String
        let slug: String
        let message: String
    }

    let channel: String
    let tag: String
    let name: String
    let accepted: Bool
    let files: Int
    let bytes: Int64
    /// Files, and their bytes, that were there already and are shared with other updates.
    let sharedFiles: Int
    let sharedBytes: Int64
    /// When the first of the metadata expires.
    let expires: Nullable<String>
    let metadataGenerated: Bool
    let targets: [String]
    let fatal: Int
    let warnings: Int
    /// At most 1,000 of them.
    let findings: [Entry]

    public init(_ report: UpdateReport) {
        channel = report.key.channel.rawValue
        tag = report.key.tag.text
        name = report.key.name.text
        accepted = report.isAccepted
        files = report.files
        bytes = report.bytes
        sharedFiles = report.sharedFiles
        sharedBytes = report.sharedBytes
        expires = Nullable(report.expires?.description)
        metadataGenerated = report.metadataGenerated
        targets = report.images.map(\.name)
        fatal = report.fatalCount
        warnings = report.warningCount
        findings = report.findings.map { Entry(severity: $0.severity.rawValue, path: $0.path, slug: $0.slug, message: $0.message) }
    }
}
