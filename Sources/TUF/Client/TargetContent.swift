import Crypto

/// Compares the bytes of a target with what its metadata state, as they come.
struct TargetContent {
    private let target: TargetFile
    private var length: Int64 = 0
    private var sha256 = SHA256()
    private var sha512 = SHA512()

    init(_ target: TargetFile) { self.target = target }

    /// Throws at the first byte too many.
    mutating func append(_ piece: ArraySlice<UInt8>) throws(TUFError) {
        length += Int64(piece.count)
        guard length <= target.length else {
            throw TUFError(.targetLengthMismatch, "the target \(quoted(target.name)) has more than its \(target.length) bytes")
        }
        if target.hashes.sha256 != nil { sha256.update(data: piece) }
        if target.hashes.sha512 != nil { sha512.update(data: piece) }
    }

    func finish() throws(TUFError) {
        guard length == target.length else {
            throw TUFError(.targetLengthMismatch, "the target \(quoted(target.name)) has \(length) bytes, not \(target.length)")
        }
        let areRight =
            (target.hashes.sha256.map { sha256.finalize().elementsEqual($0) } ?? true)
            && (target.hashes.sha512.map { sha512.finalize().elementsEqual($0) } ?? true)
        guard areRight else {
            throw TUFError(.targetHashMismatch, "the target \(quoted(target.name)) has other bytes than those whose hash is listed")
        }
    }
}
