import Crypto
import FileTree
import Glibc
import Snaps

/// Snap files on their way to snapd, in `snaps/` of the state directory. A download goes on where the last one ended.
public struct SnapFiles: Sendable {
    public let directory: Directory

    /// Bytes of a `.assert`.
    static let largestAssertions = 1 << 20
    /// Bytes that a download leaves free.
    static let reserve: Int64 = 16 << 20
    /// Bytes of a snap: more than any has, and far from where sums overflow.
    static let sizes: ClosedRange<Int64> = 1...(1 << 40)

    public init(in state: Directory) throws(SoftwareAgentError) {
        directory = try Self.storing { () throws(FileTreeError) in try state.makeDirectory("snaps", mode: 0o700) }
    }

    static func name(of snap: RequiredSnap) -> String { "\(snap.digest?.text ?? snap.name.text).snap" }

    private static func partName(of snap: RequiredSnap) -> String { name(of: snap) + ".part" }

    /// Whether it was fetched as a whole; false when only a part came.
    func fetch(
        _ snap: RequiredSnap, from server: some UpdateServer, mayGoOn: @escaping @Sendable () -> Bool
    ) async throws(SoftwareAgentError) -> Bool {
        guard let digest = snap.digest, let size = snap.size else {
            throw SoftwareAgentError(.orderInvalid, "the request has no size for \(snap.name)")
        }
        guard Self.sizes.contains(size) else {
            throw SoftwareAgentError(.orderInvalid, "the request has \(size) as the size of \(snap.name); it is from 1 byte to 1 TiB")
        }
        if directory.status(Self.name(of: snap))?.size == size, try isWhole(Self.name(of: snap), digest) { return true }
        let part = try open(Self.partName(of: snap), longest: size)
        if part.size < size {
            try checkSpace(for: snap, missing: size - part.size)
            try await server.fetch("/snaps/\(digest).snap", from: part.size) { (piece, offset) throws(SoftwareAgentError) in
                guard offset + Int64(piece.count) <= size else { throw Self.changed(snap, "is longer than \(size) bytes") }
                try Self.storing { () throws(FileTreeError) in try part.file.write(piece, at: offset) }
                return mayGoOn()
            }
        }
        let length = try length(of: part.file)
        guard length < size else { return try complete(snap, digest, part.file) }
        // Stopped for now, it goes on later; but not when the server begins it from its first byte each time.
        guard !mayGoOn(), length > part.size else { throw Self.changed(snap, "is shorter than \(size) bytes, and ends after \(length)") }
        return false
    }

    private func length(of file: Descriptor) throws(SoftwareAgentError) -> Int64 {
        try Self.storing { () throws(FileTreeError) in try file.status().size }
    }

    /// Before the first byte: a download that fills the disk would keep the agent from writing down what it does.
    private func checkSpace(for snap: RequiredSnap, missing: Int64) throws(SoftwareAgentError) {
        var status = statvfs()
        guard fstatvfs(directory.descriptor.number, &status) == 0 else { return }
        let free = Int64(clamping: UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize)).partialValue)
        guard free >= missing + Self.reserve else {
            throw SoftwareAgentError(
                .storage,
                "the disk of \(directory.path) is full: \(snap.name) needs \(missing) bytes and \(Self.reserve) more, \(free) are free")
        }
    }

    private func open(_ name: String, longest: Int64) throws(SoftwareAgentError) -> (file: Descriptor, size: Int64) {
        try Self.storing { () throws(FileTreeError) in
            let file = try directory.openForWriting(name, mode: 0o600)
            let size = try file.status().size
            guard size > longest else { return (file, size) }
            try file.truncate(to: 0)
            return (file, 0)
        }
    }

    private func complete(_ snap: RequiredSnap, _ digest: SnapDigest, _ file: Descriptor) throws(SoftwareAgentError) -> Bool {
        let part = Self.partName(of: snap)
        guard try isWhole(part, digest) else {
            try Self.storing { () throws(FileTreeError) in try directory.remove(part) }
            throw Self.changed(snap, "has another SHA3-384 than \(digest)")
        }
        try Self.storing { () throws(FileTreeError) in
            try file.sync()
            try directory.remove(Self.name(of: snap))
            try directory.move(part, to: directory, as: Self.name(of: snap))
            try directory.syncNames()
        }
        return true
    }

    /// The text of its assertions, straight from the server: small, and snapd keeps them.
    func assertions(for snap: RequiredSnap, from server: some UpdateServer) async throws(SoftwareAgentError) -> [UInt8] {
        let text = AssertionText()
        try await server.fetch("/snaps/\(snap.digest?.text ?? "").assert", from: 0) { (piece, _) throws(SoftwareAgentError) in
            guard text.append(piece, atMost: Self.largestAssertions) else {
                throw Self.changed(snap, "has more than \(Self.largestAssertions) bytes of assertions")
            }
            return true
        }
        return text.bytes
    }

    /// Removes all files but those of `snaps`.
    public func tidy(keeping snaps: [RequiredSnap]) throws(SoftwareAgentError) {
        let kept = Set(snaps.flatMap { [Self.name(of: $0), Self.partName(of: $0)] })
        try Self.storing { () throws(FileTreeError) in
            for name in try directory.names() where !kept.contains(name) { try directory.remove(name) }
        }
    }

    private func isWhole(_ name: String, _ digest: SnapDigest) throws(SoftwareAgentError) -> Bool {
        try Self.storing { () throws(FileTreeError) in
            let file = try directory.openFile(name)
            var hash = SHA3_384()
            var offset: Int64 = 0
            while true {
                let piece = try file.read(count: 1 << 20, at: offset)
                guard !piece.isEmpty else { break }
                hash.update(data: piece)
                offset += Int64(piece.count)
            }
            return SnapDigest(hash.finalize()) == digest
        }
    }

    private static func changed(_ snap: RequiredSnap, _ what: String) -> SoftwareAgentError {
        SoftwareAgentError(.snapChanged, "the file of \(snap.name) \(what); the server's copy, or the way to it, is damaged")
    }

    private static func storing<Value>(_ body: () throws(FileTreeError) -> Value) throws(SoftwareAgentError) -> Value {
        do throws(FileTreeError) { return try body() } catch { throw SoftwareAgentError(.storage, error.message) }
    }
}
