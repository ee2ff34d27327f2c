import OSTree

extension SharedContent {
    /// Reads a path relative to `store/`, as ``pathInStore`` writes it; nil for everything else.
    init?(pathInStore path: some StringProtocol) {
        if let name = ObjectName(path: path) {
            self = .object(name)
        } else if path.hasPrefix("blobs/sha256/"), let digest = try? Digest(hex: path.dropFirst("blobs/sha256/".count)) {
            self = .blob(digest)
        } else {
            return nil
        }
    }

    /// The content's name as one word: what is set aside lies in one folder.
    var flatName: String {
        switch self {
        case .object(let name): "\(name.checksum.hex).\(name.kind.suffix)"
        case .blob(let digest): digest.hex
        }
    }

    /// Reads ``flatName``; nil for everything else.
    init?(flatName name: some StringProtocol) {
        if name.utf8.contains(UInt8(ascii: ".")) {
            self.init(pathInStore: "objects/\(name.prefix(2))/\(name.dropFirst(2))")
        } else {
            self.init(pathInStore: "blobs/sha256/\(name)")
        }
    }
}
