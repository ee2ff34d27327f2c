import FileTree

extension Repository {
    /// Deeper branch names than this are nobody's.
    private static let deepestRef = 16
    private static let mostRefs = 10_000

    /// The branches and the commits that they name, sorted by name. What is no ref goes to `complain`.
    public func refs(
        complain: (_ path: String, OSTreeError) -> Void = { _, _ in }
    ) -> [(name: String, checksum: Checksum)] {
        var refs: [(name: String, checksum: Checksum)] = []
        var folders = [""]
        // Remotes and mirrors are the builder's memory of where it pulled from.
        guard let heads = try? directory.directory("refs/heads") else { return [] }
        while let folder = folders.popLast() {
            let names: [String]
            do throws(FileTreeError) {
                names = try (folder.isEmpty ? heads : heads.directory(folder)).names()
            } catch {
                complain("refs/heads/\(folder)", OSTreeError(.refInvalid, error.message))
                continue
            }
            for name in names {
                let path = folder.isEmpty ? name : "\(folder)/\(name)"
                let depth = path.utf8.count { $0 == UInt8(ascii: "/") }
                guard refs.count + folders.count < Self.mostRefs, depth < Self.deepestRef else {
                    complain("refs/heads/\(path)", OSTreeError(.refInvalid, "there are too many refs, or they are too deep"))
                    return refs.sorted { $0.name < $1.name }
                }
                if heads.status(path)?.kind == .directory {
                    folders.append(path)
                } else if let checksum = ref(heads, path) {
                    refs.append((path, checksum))
                } else {
                    complain("refs/heads/\(path)", OSTreeError(.refInvalid, "it does not hold the checksum of a commit"))
                }
            }
        }
        return refs.sorted { $0.name < $1.name }
    }

    private func ref(_ heads: Directory, _ path: String) -> Checksum? {
        guard var bytes = try? heads.contents(of: path, limit: 128) else { return nil }
        if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
        return Checksum(hex: bytes)
    }

    /// The commits of which `state/` says that not everything was pulled.
    func partialCommits() -> [Checksum] {
        guard let names = try? directory.directory("state").names() else { return [] }
        return names.compactMap { name in
            name.hasSuffix(".commitpartial") ? Checksum(hex: Array(name.utf8.prefix(64))) : nil
        }
    }
}
