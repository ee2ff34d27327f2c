import UpdateTree

/// The file that `otaserve bundle have` writes: lines for the updates, then 33 bytes for each content, then the SHA-256
/// of all that. Nobody need sign it: who changes it makes a bundle that its receiver cannot use, and no other.
extension BundleHave {
    private static let firstLine = "otaserve-have 1"
    private static let kinds = ["", "commit", "dirtree", "dirmeta", "filez"]
    private static let recordSize = 33
    /// Bytes of a file that is read.
    public static let largest = mostContents * recordSize + (64 << 20)

    public func encoded() -> [UInt8] {
        var bytes = Array("\(Self.firstLine)\n".utf8)
        for (key, inventory) in updates.sorted(by: { $0.key.path.utf8.lexicographicallyPrecedes($1.key.path.utf8) }) {
            bytes += "update \(key.path) \(inventory)\n".utf8
        }
        let records = contents.compactMap(Self.record).sorted { $0.lexicographicallyPrecedes($1) }
        bytes += "content \(records.count)\n".utf8
        for record in records { bytes += record }
        return bytes + Self.bytes(ofHex: Digest(of: bytes).hex)
    }

    public init(parsing bytes: [UInt8]) throws(BundleError) {
        guard bytes.count <= Self.largest, bytes.count > 32, Self.bytes(ofHex: Digest(of: bytes.dropLast(32)).hex)[...] == bytes.suffix(32)
        else { throw Self.invalid("it is damaged, or no such file") }
        var rest = bytes.dropLast(32)
        func line() -> String? {
            guard let end = rest.prefix(1024).firstIndex(of: UInt8(ascii: "\n")) else { return nil }
            defer { rest = rest[(end + 1)...] }
            return String(validating: rest[..<end], as: UTF8.self)
        }
        guard line() == Self.firstLine else { throw Self.invalid("it is of another release") }
        var updates: [UpdateKey: Digest] = [:]
        while let next = line() {
            let words = next.split(separator: " ", omittingEmptySubsequences: false)
            if words.count == 3, words[0] == "update", updates.count < Self.mostUpdates {
                updates[try Self.key(words[1])] = try Self.valid { () throws(UpdateTreeError) in try Digest(words[2]) }
                continue
            }
            guard words.count == 2, words[0] == "content", let count = Int(words[1]), (0...Self.mostContents).contains(count),
                rest.count == count * Self.recordSize
            else { break }
            self.init(updates: updates, contents: try Self.contents(rest))
            return
        }
        throw Self.invalid("a line of it makes no sense")
    }

    private static func contents(_ bytes: ArraySlice<UInt8>) throws(BundleError) -> Set<SharedContent> {
        var contents = Set<SharedContent>()
        contents.reserveCapacity(bytes.count / recordSize)
        var start = bytes.startIndex
        while start < bytes.endIndex {
            let hex = bytes[start + 1..<start + recordSize].map { $0 < 16 ? "0" + String($0, radix: 16) : String($0, radix: 16) }.joined()
            let kind = Int(bytes[start])
            guard kind < kinds.count,
                let content = SharedContent(
                    path: kind == 0
                        ? "apps/blobs/sha256/\(hex)" : "ostree_repo/objects/\(hex.prefix(2))/\(hex.dropFirst(2)).\(kinds[kind])")
            else { throw invalid("it names content of a kind that is not known") }
            contents.insert(content)
            start += recordSize
        }
        return contents
    }

    private static func record(_ content: SharedContent) -> [UInt8]? {
        let parts = content.pathInStore.split(separator: "/")
        guard parts.count == 3 else { return nil }
        if parts[0] == "blobs" { return [0] + bytes(ofHex: parts[2]) }
        let name = parts[2].split(separator: ".")
        guard name.count == 2, let kind = kinds.firstIndex(of: String(name[1])) else { return nil }
        return [UInt8(kind)] + bytes(ofHex: parts[1] + name[0])
    }

    private static func key(_ path: Substring) throws(BundleError) -> UpdateKey {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 3 else { throw invalid("it names an update that is none") }
        return try valid { () throws(UpdateTreeError) in
            UpdateKey(channel: try Channel(String(parts[0])), tag: try Tag(parts[1]), name: try UpdateName(parts[2]))
        }
    }

    private static func valid<Value>(_ body: () throws(UpdateTreeError) -> Value) throws(BundleError) -> Value {
        do { return try body() } catch { throw invalid(error.message) }
    }

    private static func invalid(_ what: String) -> BundleError {
        BundleError(.haveInvalid, "the file of what the receiver has cannot be used: \(what); make it anew there with otaserve bundle have")
    }

    /// Of digits that were checked or made here.
    private static func bytes(ofHex hex: some StringProtocol) -> [UInt8] {
        var bytes: [UInt8] = []
        var high: UInt8?
        for character in hex {
            let value = UInt8(character.hexDigitValue ?? 0)
            if let first = high {
                bytes.append(first << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
        return bytes
    }
}
