import Crypto

/// What one acknowledged request changes in the file tree, all or nothing.
struct JournalRecord: Equatable {
    enum Change: Equatable {
        /// Bytes at an offset: doing it twice is doing it once.
        case write(path: String, offset: Int64, bytes: [UInt8])
        case replace(path: String, bytes: [UInt8])
        case remove(path: String)
    }

    let changes: [Change]

    /// Length (4 bytes), checksum (8 bytes), payload.
    static let headerLength = 12
    static let longest = 64 << 20

    /// Throws when it is longer than what is read back.
    func encoded() throws(PersistenceError) -> [UInt8] {
        var payload: [UInt8] = []
        for change in changes {
            switch change {
            case .write(let path, let offset, let bytes):
                Self.append(kind: 1, path: path, offset: offset, bytes: bytes, to: &payload)
            case .replace(let path, let bytes):
                Self.append(kind: 2, path: path, offset: 0, bytes: bytes, to: &payload)
            case .remove(let path):
                Self.append(kind: 3, path: path, offset: 0, bytes: [], to: &payload)
            }
        }
        guard payload.count <= Self.longest else {
            throw PersistenceError(.storage, "a report of \(payload.count) bytes is longer than the journal takes; send less")
        }
        return Self.number(UInt64(payload.count), bytes: 4) + Self.checksum(payload) + payload
    }

    /// Reads the record at `position` and moves behind it; nil at the end or where the bytes were torn.
    init?(_ bytes: [UInt8], at position: inout Int) {
        guard bytes.count - position >= Self.headerLength else { return nil }
        let length = Int(Self.number(bytes[position..<position + 4]))
        let start = position + Self.headerLength
        guard length <= Self.longest, bytes.count - start >= length else { return nil }
        let payload = Array(bytes[start..<start + length])
        guard Self.checksum(payload) == Array(bytes[position + 4..<start]), let changes = Self.changes(payload) else {
            return nil
        }
        self.changes = changes
        position = start + length
    }

    init(changes: [Change]) { self.changes = changes }

    private static func checksum(_ payload: [UInt8]) -> [UInt8] { Array(SHA256.hash(data: payload).prefix(8)) }

    private static func append(kind: UInt8, path: String, offset: Int64, bytes: [UInt8], to payload: inout [UInt8]) {
        payload.append(kind)
        payload += number(UInt64(path.utf8.count), bytes: 2) + Array(path.utf8)
        payload += number(UInt64(offset), bytes: 8)
        payload += number(UInt64(bytes.count), bytes: 4) + bytes
    }

    private static func changes(_ payload: [UInt8]) -> [Change]? {
        var changes: [Change] = []
        var rest = payload[...]
        while let kind = take(1, from: &rest)?.first {
            guard let pathLength = take(2, from: &rest), let path = take(Int(number(pathLength)), from: &rest),
                let offset = take(8, from: &rest), let count = take(4, from: &rest),
                let bytes = take(Int(number(count)), from: &rest)
            else { return nil }
            let name = String(decoding: path, as: UTF8.self)
            guard let offset = Int64(exactly: number(offset)) else { return nil }
            switch kind {
            case 1: changes.append(.write(path: name, offset: offset, bytes: Array(bytes)))
            case 2: changes.append(.replace(path: name, bytes: Array(bytes)))
            case 3: changes.append(.remove(path: name))
            default: return nil
            }
        }
        return changes
    }

    private static func take(_ count: Int, from rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard rest.count >= count else { return nil }
        let taken = rest.prefix(count)
        rest = rest.dropFirst(count)
        return taken
    }

    private static func number(_ value: UInt64, bytes: Int) -> [UInt8] {
        (0..<bytes).map { UInt8(truncatingIfNeeded: value >> (8 * UInt64(bytes - 1 - $0))) }
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
}
