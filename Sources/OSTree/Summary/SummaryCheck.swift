import FileTree

/// Checks `summary` and `summary.sig`, where a device that pulls by a ref begins.
struct SummaryCheck {
    let repository: Repository
    let inventory: ObjectInventory
    let findings: FindingCollector

    /// Compares the refs with the commits that are there, and the deltas that are listed with `ledger`. Returns whether
    /// there is a summary, and the count of bytes read.
    func run(_ ledger: inout DeltaLedger) -> (isPresent: Bool, bytesRead: Int64) {
        let signature = checkSignature()
        guard let bytes = contents("summary") else { return (false, signature) }
        do throws(OSTreeError) {
            let summary = try Summary(bytes)
            try checkRefs(summary)
            try DeltaListing.read(summary.variant, summary.metadata) { name, superblock in
                ledger.compare(name, superblock, listedIn: "summary")
            }
        } catch {
            findings.add("summary", OSTreeError(.summaryMalformed, error.message))
        }
        return (true, signature + Int64(bytes.count))
    }

    /// Whose signature it is devices know; here only its shape is looked at.
    private func checkSignature() -> Int64 {
        guard let bytes = contents("summary.sig") else { return 0 }
        let variant = VariantBytes(bytes)
        do throws(OSTreeError) {
            try variant.requireNormal(variant.all, VariantBytes.dictionary)
        } catch {
            findings.add("summary.sig", OSTreeError(.summaryMalformed, error.message))
        }
        return Int64(bytes.count)
    }

    /// Nil when it is absent, which is right, or cannot be read, which is told.
    private func contents(_ file: String) -> [UInt8]? {
        do throws(FileTreeError) {
            return try repository.directory.contents(of: file, limit: Summary.largest)
        } catch {
            switch error.code {
            case .notFound: break
            case .tooLarge: findings.add(file, OSTreeError(.summaryMalformed, error.message))
            default: findings.add(file, OSTreeError(opening: error))
            }
            return nil
        }
    }

    // MARK: Refs

    private func checkRefs(_ summary: Summary) throws(OSTreeError) {
        // By bytes: strings that Unicode takes for equal are two files.
        var heads: [[UInt8]: Checksum] = [:]
        for head in repository.refs() { heads[Array(head.name.utf8)] = head.checksum }
        try summary.refs { ref throws(OSTreeError) in
            let shown = String(ref.name.prefix(200)).debugDescription
            if let size = sizeOfCommit(ref.commit) {
                if !ref.sizes.contains(size) {
                    let message = "it says \(ref.sizes[0]) bytes for the commit of \(shown), which has \(size)"
                    findings.add("summary", OSTreeError(.summaryRefMismatch, message))
                }
            } else {
                findings.add("summary", OSTreeError(.summaryRefMissing, "\(shown) names the commit \(ref.commit), which is absent"))
            }
            if heads.removeValue(forKey: Array(ref.name.utf8)) != ref.commit {
                findings.add("summary", OSTreeError(.summaryOutdated, "refs/heads has another commit, or none, for \(shown)"))
            }
        }
        for name in heads.keys {
            let shown = String(decoding: name.prefix(200), as: UTF8.self).debugDescription
            findings.add("summary", OSTreeError(.summaryOutdated, "it lacks the ref \(shown)"))
        }
    }

    /// Nil when it is absent. What cannot be read is told where all objects are.
    private func sizeOfCommit(_ checksum: Checksum) -> UInt64? {
        let name = ObjectName(checksum, .commit)
        guard inventory.index(of: name) != nil else { return nil }
        return repository.directory.status(name.path).map { UInt64($0.size) }
    }
}
