/// Serialises what the tests need of GVariant, right or wrong.
enum GVariantWriter {
    typealias Bytes = [UInt8]

    static func string(_ text: String) -> Bytes { Array(text.utf8) + [0] }

    static func uint32(_ value: UInt32) -> Bytes { [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) } }

    static func uint64(_ value: UInt64) -> Bytes { uint32(UInt32(value >> 32)) + uint32(UInt32(truncatingIfNeeded: value)) }

    struct Member {
        let bytes: Bytes
        var alignment = 1
        var isFixed = false
    }

    static func tuple(_ members: [Member]) -> Bytes {
        var body: Bytes = []
        var ends: [Int] = []
        for (index, member) in members.enumerated() {
            while body.count % member.alignment != 0 { body.append(0) }
            body += member.bytes
            if !member.isFixed, index < members.count - 1 { ends.append(body.count) }
        }
        return framed(body, ends.reversed())
    }

    /// An array of parts of unknown length.
    static func array(_ elements: [Bytes], alignment: Int = 1) -> Bytes {
        var body: Bytes = []
        var ends: [Int] = []
        for element in elements {
            while body.count % alignment != 0 { body.append(0) }
            body += element
            ends.append(body.count)
        }
        return framed(body, ends)
    }

    private static func framed(_ body: Bytes, _ ends: [Int]) -> Bytes {
        let width = [1, 2, 4].first { body.count + $0 * ends.count < 1 << (8 * $0) } ?? 8
        return body + ends.flatMap { end in (0..<width).map { UInt8(truncatingIfNeeded: end >> (8 * $0)) } }
    }

    // MARK: Objects

    static func files(_ entries: [(name: Bytes, checksum: Bytes)]) -> Bytes {
        array(entries.map { tuple([Member(bytes: $0.name + [0]), Member(bytes: $0.checksum)]) })
    }

    static func directories(_ entries: [(name: Bytes, tree: Bytes, meta: Bytes)]) -> Bytes {
        array(entries.map { tuple([Member(bytes: $0.name + [0]), Member(bytes: $0.tree), Member(bytes: $0.meta)]) })
    }

    static func dirtree(files: Bytes, directories: Bytes) -> Bytes { tuple([Member(bytes: files), Member(bytes: directories)]) }

    static func attributes(_ attributes: [(name: String, value: Bytes)]) -> Bytes {
        array(attributes.map { tuple([Member(bytes: string($0.name)), Member(bytes: $0.value)]) })
    }

    static func dirmeta(mode: UInt32 = 0o040755, attributes: Bytes = []) -> Bytes {
        tuple([0, 0, mode].map { Member(bytes: uint32($0), alignment: 4, isFixed: true) } + [Member(bytes: attributes)])
    }

    static func commit(metadata: Bytes = [], parent: Bytes = [], tree: Bytes, meta: Bytes) -> Bytes {
        tuple([
            Member(bytes: metadata, alignment: 8), Member(bytes: parent), Member(bytes: []), Member(bytes: string("subject")),
            Member(bytes: string("body")), Member(bytes: uint64(1_700_000_000), alignment: 8, isFixed: true), Member(bytes: tree),
            Member(bytes: meta),
        ])
    }

    /// The header of a file as it is hashed, and, with a size, as it is stored.
    static func fileHeader(size: UInt64?, mode: UInt32, device: UInt32 = 0, target: String = "", attributes: Bytes = []) -> Bytes {
        var members = [0, 0, mode, device].map { Member(bytes: uint32($0), alignment: 4, isFixed: true) }
        if let size { members.insert(Member(bytes: uint64(size), alignment: 8, isFixed: true), at: 0) }
        let header = tuple(members + [Member(bytes: string(target)), Member(bytes: attributes)])
        return uint32(UInt32(header.count)) + [0, 0, 0, 0] + header
    }
}
