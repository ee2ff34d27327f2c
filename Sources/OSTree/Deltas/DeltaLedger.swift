/// The static deltas that are in a repository, against those that are listed.
struct DeltaLedger {
    /// Deltas that are absent are told once each, as far as anybody will read.
    private static let mostTold = 10_000

    let inventory: ObjectInventory
    let findings: FindingCollector
    /// Of each the checksum of its superblock, nil when that cannot be read.
    private var present: [DeltaName: Checksum?] = [:]
    private var listed = Set<DeltaName>()
    private var told = Set<DeltaName>()

    init(inventory: ObjectInventory, findings: FindingCollector) {
        self.inventory = inventory
        self.findings = findings
    }

    mutating func add(_ name: DeltaName, _ superblock: Checksum?) { present[name] = .some(superblock) }

    /// Compares a delta that `source` lists with the one that is there.
    mutating func compare(_ name: DeltaName, _ superblock: Checksum, listedIn source: String) {
        guard let entry = present[name] else {
            let message = "it is absent, and \(source) lists it"
            return tell(name, OSTreeError(.deltaMissing, message))
        }
        listed.insert(name)
        // One that cannot be read was told already.
        guard let found = entry, found != superblock else { return }
        tell(name, OSTreeError(.deltaDigestMismatch, "its checksum is \(found), and \(source) says \(superblock)"))
    }

    private mutating func tell(_ name: DeltaName, _ error: OSTreeError) {
        guard told.count < Self.mostTold, told.insert(name).inserted else { return }
        findings.add("\(name.path)/superblock", error)
    }

    /// Tells of deltas that no device fetches. Without a summary devices ask for them unseen.
    func tellUnused(hasSummary: Bool) {
        for name in present.keys {
            if hasSummary, !listed.contains(name) {
                findings.add(name.path, OSTreeError(.deltaUnused, "neither the summary nor an index lists it, so no device fetches it"))
            } else if inventory.index(of: ObjectName(name.to, .commit)) == nil {
                findings.add(name.path, OSTreeError(.deltaUnused, "it leads to the commit \(name.to), which is absent"))
            }
        }
    }
}
