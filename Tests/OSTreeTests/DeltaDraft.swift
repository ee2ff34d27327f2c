import Crypto
import Foundation

@testable import OSTree

private typealias Writer = GVariantWriter

/// A static delta by hand: right until a test changes something.
struct DeltaDraft {
    typealias Bytes = [UInt8]

    struct Part {
        var version: UInt32 = 0
        var content = Array("xa part, as if compressed".utf8)
        var checksum: Bytes?
        var size: UInt64?
        var objects: Bytes = [1] + Bytes(repeating: 7, count: 32)
    }

    struct Fallback {
        var kind: UInt8 = 1
        var checksum: Bytes
    }

    /// Of the directory.
    var name: DeltaName
    var from: Bytes
    var to: Bytes
    var commit: Bytes
    var endianness: Character? = "l"
    var isBigEndian = false
    var isInline = false
    var parts = [Part(), Part(content: Array("xanother".utf8))]
    var fallbacks: [Fallback] = []
    var dependencies: Bytes = []

    /// One that leads from nothing to the commit of `repository`.
    init(_ repository: TestRepository) throws {
        let checksum = try repository.checksum()
        name = DeltaName(from: nil, to: checksum)
        from = []
        to = checksum.bytes
        commit = try repository.bytes(ObjectName(checksum, .commit).path)
    }

    var superblock: Bytes {
        var metadata: [(key: String, value: Bytes, type: String)] = []
        if let endianness { metadata.append(("ostree.endianness", Array(String(endianness).utf8), "y")) }
        if isInline {
            for (number, part) in parts.enumerated() { metadata.append(("\(name.path)/\(number)", part.content, "(yay)")) }
        }
        return Writer.tuple([
            Writer.Member(bytes: Writer.dictionary(metadata), alignment: 8),
            Writer.Member(bytes: Writer.uint64(1_700_000_000), alignment: 8, isFixed: true),
            Writer.Member(bytes: from), Writer.Member(bytes: to), Writer.Member(bytes: commit, alignment: 8),
            Writer.Member(bytes: dependencies), Writer.Member(bytes: Writer.array(parts.map(entry), alignment: 8), alignment: 8),
            Writer.Member(bytes: Writer.array(fallbacks.map(entry), alignment: 8), alignment: 8),
        ])
    }

    private func number(_ value: UInt64) -> Writer.Member {
        Writer.Member(bytes: isBigEndian ? Writer.uint64(value) : Writer.littleEndian(value), alignment: 8, isFixed: true)
    }

    private func entry(_ part: Part) -> Bytes {
        Writer.tuple([
            Writer.Member(bytes: Writer.uint32(part.version), alignment: 4, isFixed: true),
            Writer.Member(bytes: part.checksum ?? Array(SHA256.hash(data: part.content))),
            number(part.size ?? UInt64(part.content.count)), number(99), Writer.Member(bytes: part.objects),
        ])
    }

    private func entry(_ fallback: Fallback) -> Bytes {
        Writer.tuple([
            Writer.Member(bytes: [fallback.kind], isFixed: true), Writer.Member(bytes: fallback.checksum), number(5), number(6),
        ])
    }
}

extension TestRepository {
    /// Adds the delta that `change` makes of a right one. Returns the path of its directory.
    @discardableResult
    func delta(_ change: (inout DeltaDraft) throws -> Void = { _ in }) throws -> String {
        var draft = try DeltaDraft(self)
        try change(&draft)
        try write(draft.superblock, at: "\(draft.name.path)/superblock")
        if !draft.isInline {
            for (number, part) in draft.parts.enumerated() { try write(part.content, at: "\(draft.name.path)/\(number)") }
        }
        return draft.name.path
    }

    /// Adds a right delta, and a summary and an index that list what `change` makes of it.
    func listedDelta(
        inSummary: Bool = true, inIndex: Bool = true, _ change: (inout (name: String, superblock: [UInt8])) -> Void = { _ in }
    ) throws {
        let path = try delta()
        var entry = (name: commit, superblock: Array(SHA256.hash(data: try bytes("\(path)/superblock"))))
        change(&entry)
        try summary(metadata: inSummary ? Writer.listing([entry]) : [])
        if inIndex { try write(Writer.dictionary(Writer.listing([entry])), at: try indexPath()) }
    }

    func indexPath() throws -> String {
        path(base64: try checksum().base64)
    }

    private func path(base64 text: String) -> String { "delta-indexes/\(text.prefix(2))/\(text.dropFirst(2)).index" }

    /// Writes a summary of the one ref there is.
    func summary(
        name: String = "main", size: [UInt8]? = nil, commit: [UInt8]? = nil, metadata: [(key: String, value: [UInt8], type: String)] = []
    ) throws {
        let checksum = try checksum()
        let count = UInt64(try bytes(ObjectName(checksum, .commit).path).count)
        let ref = (name: name, size: size ?? Writer.littleEndian(count), commit: commit ?? checksum.bytes)
        try write(Writer.summary(refs: [ref], metadata: metadata), at: "summary")
    }
}
