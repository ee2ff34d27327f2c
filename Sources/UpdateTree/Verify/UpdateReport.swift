import TUF

/// What a check of a whole update said: accepted or refused, and every finding.
public struct UpdateReport: Sendable {
    /// Findings that are kept; a tree that is wrong as a whole must not fill the memory with one sentence.
    public static let mostFindings = 1_000

    public let key: UpdateKey
    public internal(set) var findings: [Finding] = []
    /// All that were found, also those that `findings` has no room for.
    public internal(set) var fatalCount = 0
    public internal(set) var warningCount = 0
    public internal(set) var files = 0
    public internal(set) var bytes: Int64 = 0
    /// Files, and their bytes, that the content store had already.
    public internal(set) var sharedFiles = 0
    public internal(set) var sharedBytes: Int64 = 0
    public internal(set) var images: [ImageTarget] = []
    /// When the first of the metadata expires; nil when they could not be read.
    public internal(set) var expires: MetadataTime?
    /// Whether the metadata were made here, out of what the content says.
    public internal(set) var metadataGenerated = false

    public init(key: UpdateKey) { self.key = key }

    public var isAccepted: Bool { fatalCount == 0 }

    mutating func add(_ finding: Finding) {
        if finding.isFatal { fatalCount += 1 } else { warningCount += 1 }
        if findings.count < Self.mostFindings { findings.append(finding) }
    }

    /// Takes the path of the directory that was checked out of the sentences.
    mutating func makeRelative(to directory: String) {
        findings = findings.map { finding in
            Finding(finding.severity, finding.path, slug: finding.slug, finding.message.replacing("\(directory)/", with: ""))
        }
    }

    /// Adds what another check counted and in part kept.
    mutating func add(_ kept: [Finding], fatal: Int, warnings: Int) {
        findings += kept.prefix(max(0, Self.mostFindings - findings.count))
        fatalCount += fatal
        warningCount += warnings
    }
}
