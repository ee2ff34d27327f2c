import Synchronization

/// Collects the pieces of a short text.
final class AssertionText: Sendable {
    private let collected = Mutex<[UInt8]>([])

    var bytes: [UInt8] { collected.withLock { $0 } }

    /// False when it would become longer than `limit`.
    func append(_ piece: [UInt8], atMost limit: Int) -> Bool {
        collected.withLock { bytes in
            guard bytes.count + piece.count <= limit else { return false }
            bytes += piece
            return true
        }
    }
}
