/// Between which commits a static delta leads.
struct DeltaName: Hashable, CustomStringConvertible {
    /// Nil when the delta begins with nothing.
    let from: Checksum?
    let to: Checksum

    init(from: Checksum?, to: Checksum) {
        self.from = from
        self.to = to
    }

    /// Reads the directory `deltas/<ab>/<rest>`; nil when ostree would ask for no such name.
    init?(folder: String, rest: String) {
        guard folder.utf8.count == 2 else { return nil }
        self.init(Array((folder + rest).utf8), Checksum.init(base64:))
    }

    /// Reads the name that a summary or an index has for it: hexadecimal digits.
    init?(listed: ArraySlice<UInt8>) {
        self.init(Array(listed), Checksum.init(hex:))
    }

    private init?(_ text: [UInt8], _ checksum: (ArraySlice<UInt8>) -> Checksum?) {
        let parts = text.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard let last = parts.last, parts.count <= 2, let to = checksum(last) else { return nil }
        guard parts.count == 2 else {
            self.init(from: nil, to: to)
            return
        }
        guard let from = checksum(parts[0]) else { return nil }
        self.init(from: from, to: to)
    }

    /// Relative to the repository.
    var path: String {
        let name = (from.map { $0.base64 + "-" } ?? "") + to.base64
        return "deltas/\(name.prefix(2))/\(name.dropFirst(2))"
    }

    var description: String { (from.map { $0.hex + "-" } ?? "") + to.hex }
}
