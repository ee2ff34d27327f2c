import Crypto
import Dispatch
import FileTree
import Synchronization

/// Compares blobs with their names on all cores, in constant memory.
struct BlobSweep: Sendable {
    private static let pieceSize = 256 << 10

    let blobs: Directory
    /// Those to look at.
    let digests: [BlobDigest]
    /// Blobs that were compared before the sweep.
    let done: Int
    let findings: FindingCollector
    let isKnown: @Sendable (BlobDigest) -> Bool
    let isCancelled: @Sendable () -> Bool
    let progress: @Sendable (AppProgress) -> Void

    private final class Tally: Sendable {
        let next = Atomic<Int>(0)
        let blobs = Atomic<Int>(0)
        let known = Atomic<Int>(0)
        let bytesRead = Atomic<Int64>(0)
    }

    func run(workers: Int, bytesRead: Int64) -> (known: Int, bytesRead: Int64) {
        let tally = Tally()
        tally.bytesRead.store(bytesRead, ordering: .relaxed)
        DispatchQueue.concurrentPerform(iterations: max(1, workers)) { _ in work(tally) }
        return (tally.known.load(ordering: .relaxed), tally.bytesRead.load(ordering: .relaxed))
    }

    private func work(_ tally: Tally) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.pieceSize, alignment: 16)
        defer { buffer.deallocate() }
        while !isCancelled() {
            let index = tally.next.add(1, ordering: .relaxed).oldValue
            guard index < digests.count else { return }
            if isKnown(digests[index]) {
                tally.known.add(1, ordering: .relaxed)
            } else {
                do throws(OCIError) {
                    try compare(digests[index], buffer, tally)
                } catch {
                    findings.add(digests[index].path, error)
                }
            }
            report(tally, tally.blobs.add(1, ordering: .relaxed).newValue)
        }
    }

    private func compare(_ digest: BlobDigest, _ buffer: UnsafeMutableRawBufferPointer, _ tally: Tally) throws(OCIError) {
        var hasher = SHA256()
        do throws(FileTreeError) {
            let file = try blobs.openFile(digest.hex)
            var offset: Int64 = 0
            while true {
                let count = try file.read(into: buffer, at: offset)
                if count == 0 { break }
                hasher.update(bufferPointer: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
                offset += Int64(count)
                tally.bytesRead.add(Int64(count), ordering: .relaxed)
                // A layer may take a minute.
                if isCancelled() { return }
                if offset & ((64 << 20) - 1) == 0 { report(tally, tally.blobs.load(ordering: .relaxed)) }
            }
        } catch {
            throw OCIError(opening: error)
        }
        try digest.require(hasher)
    }

    private func report(_ tally: Tally, _ count: Int) {
        progress(
            AppProgress(blobs: done + count, total: done + digests.count, bytesRead: tally.bytesRead.load(ordering: .relaxed)))
    }
}

extension OCIError {
    /// Why a blob does not open.
    init(opening error: FileTreeError) {
        switch error.code {
        case .notFound: self.init(.blobMissing, "it is absent")
        case .notPlain: self.init(.blobNotPlain, "it is not a plain file")
        default: self.init(.blobUnreadable, error.message)
        }
    }
}

extension BlobDigest {
    func require(_ hasher: SHA256) throws(OCIError) {
        let found = BlobDigest(hasher.finalize())
        guard found == self else { throw OCIError(.digestMismatch, "it is damaged, or another blob: its digest is \(found)") }
    }
}
