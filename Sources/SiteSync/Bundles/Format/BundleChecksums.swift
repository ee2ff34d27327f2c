import UpdateTree

/// `checksums`: the digests of all files that are not named by theirs, as `sha256sum --check` reads them.
struct BundleChecksums: Equatable {
    private(set) var digests: [String: Digest] = [:]

    subscript(path: String) -> Digest? { digests[path] }

    mutating func add(_ path: String, _ digest: Digest) { digests[path] = digest }

    var text: [UInt8] {
        var text: [UInt8] = []
        for path in digests.keys.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
            guard let digest = digests[path] else { continue }
            text += "\(digest.hex)  \(path)\n".utf8
        }
        return text
    }

    init() {}

    init(parsing bytes: [UInt8]) throws(BundleError) {
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            guard line.count > 66, let line = String(validating: line, as: UTF8.self), line.utf8.dropFirst(64).starts(with: "  ".utf8),
                let digest = try? Digest(hex: String(Substring(line.utf8.prefix(64))))
            else { throw BundleError(.malformed, "a line of the file checksums is not DIGEST PATH; have the bundle made anew") }
            let path = String(Substring(line.utf8.dropFirst(66)))
            guard digests.updateValue(digest, forKey: path) == nil else {
                throw BundleError(.malformed, "the file checksums names \(path) twice; have the bundle made anew")
            }
        }
    }
}
