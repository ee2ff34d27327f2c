import FileTree

/// Checks `delta-indexes/`: for each commit the deltas that lead to it.
struct DeltaIndexSweep {
    private static let largest = 64 << 20
    private static let suffix = ".index"

    let repository: Repository
    let findings: FindingCollector
    let isCancelled: @Sendable () -> Bool

    /// Compares what the indexes list with `ledger`. Returns the count of bytes read.
    func run(_ ledger: inout DeltaLedger) -> Int64 {
        var bytesRead: Int64 = 0
        ServedFolder("delta-indexes", of: repository).forEach(findings) { folder, rest, directory in
            guard !isCancelled() else { return }
            let path = "delta-indexes/\(folder)/\(rest)"
            guard rest.hasSuffix(Self.suffix), Checksum(base64: Array((folder + rest.dropLast(Self.suffix.count)).utf8)) != nil else {
                return findings.add(path, OSTreeError(.deltaStray, "that is not the name of an index"))
            }
            do throws(OSTreeError) {
                bytesRead += try check(rest, directory, path, &ledger)
            } catch {
                findings.add(path, error)
            }
        }
        return bytesRead
    }

    private func check(
        _ file: String, _ directory: Directory, _ path: String, _ ledger: inout DeltaLedger
    ) throws(OSTreeError) -> Int64 {
        let variant: VariantBytes
        do throws(FileTreeError) {
            variant = VariantBytes(try directory.contents(of: file, limit: Self.largest))
        } catch {
            if error.code == .tooLarge { throw OSTreeError(.deltaIndexMalformed, error.message) }
            throw OSTreeError(opening: error)
        }
        do throws(OSTreeError) {
            try variant.requireNormal(variant.all, VariantBytes.dictionary)
            try DeltaListing.read(variant, variant.all) { name, superblock in ledger.compare(name, superblock, listedIn: path) }
        } catch {
            throw OSTreeError(.deltaIndexMalformed, error.message)
        }
        return Int64(variant.bytes.count)
    }
}
