/// What a check of the whole content store found.
public struct StoreReport: Sendable {
    /// Findings that are kept; when a disk dies the rest is found by the next check.
    public static let mostFindings = 100_000

    /// Files of content, and their bytes.
    public internal(set) var files: Int64 = 0
    public internal(set) var bytes: Int64 = 0
    /// Sorted by path.
    public internal(set) var findings: [StoreFinding] = []
    /// All that is damaged, also what `findings` has no room for.
    public internal(set) var damageCount = 0

    public init() {}

    public var isClean: Bool { damageCount == 0 }

    mutating func add(_ finding: StoreFinding) {
        if finding.isDamage { damageCount += 1 }
        if findings.count < Self.mostFindings { findings.append(finding) }
    }
}
