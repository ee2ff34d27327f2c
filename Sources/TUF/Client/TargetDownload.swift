import Crypto
import FileTree

/// Puts targets into a directory, each as one file: its bytes come in through a temporary file beside it and take its
/// place when length and hashes are those of the metadata. A file that is there already is not fetched.
public struct TargetDownload: Sendable {
    private let directory: Directory
    private let repository: any TargetFetcher
    private let hasHashedNames: Bool

    /// `hasHashedNames` is what ``RootMetadata/hasConsistentSnapshots`` says.
    public init(to directory: Directory, from repository: any TargetFetcher, hasHashedNames: Bool) {
        self.directory = directory
        self.repository = repository
        self.hasHashedNames = hasHashedNames
    }

    /// Returns the name of the file in the directory: the target's name, percent-encoded.
    @discardableResult
    public func fetch(_ target: TargetFile) async throws(TUFError) -> String {
        let name = PercentEncoding.component(target.name)
        guard name.utf8.count <= PercentEncoding.longestComponent else {
            throw TUFError(.targetNameInvalid, "the name of the target \(quoted(target.name)) is too long for a file")
        }
        if try isPresent(target, name) { return name }
        let path = path(of: target)
        let partial = try PartialFile(for: name, in: directory)
        do throws(TUFError) {
            var check = TargetContent(target)
            let found = try await repository.fetch(path) { (piece) throws(TUFError) in
                try check.append(piece)
                try partial.append(piece)
            }
            guard found else { throw TUFError(.fetchFailed, "the repository has no target \(quoted(path))") }
            try check.finish()
            try partial.moveIntoPlace()
        } catch {
            partial.discard()
            throw error
        }
        return name
    }

    private func isPresent(_ target: TargetFile, _ name: String) throws(TUFError) -> Bool {
        guard let status = directory.status(name), status.kind == .file, status.size == target.length else { return false }
        var content = TargetContent(target)
        do throws(FileTreeError) {
            let file = try directory.openFile(name)
            var offset: Int64 = 0
            while offset < target.length {
                let piece = try file.read(count: 1 << 20, at: offset)
                guard !piece.isEmpty else { return false }
                guard (try? content.append(piece[...])) != nil else { return false }
                offset += Int64(piece.count)
            }
        } catch {
            throw TUFError(storing: error)
        }
        return (try? content.finish()) != nil
    }

    /// With consistent snapshots the digest stands before the last component (TUF §6.2).
    private func path(of target: TargetFile) -> String {
        guard hasHashedNames, let digest = target.hashes.sha256 ?? target.hashes.sha512 else { return target.name }
        let bytes = Array(target.name.utf8)
        let last = bytes.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0
        return String(decoding: bytes[..<last] + Array("\(Hexadecimal.text(digest)).".utf8) + bytes[last...], as: UTF8.self)
    }
}
