import FileTree
import Foundation
import Testing

@testable import OSTree

/// Bytes that have the right checksum and are still a stranger's.
@Suite struct MutationTests {
    private func variants(of bytes: [UInt8]) -> [[UInt8]] {
        var all: [[UInt8]] = []
        for index in bytes.indices {
            let byte = bytes[index]
            for value in (0..<8).map({ byte ^ (1 << $0) }) + [0, 0x7F, 0xFF, byte &+ 1, byte &- 1] where value != byte {
                var changed = bytes
                changed[index] = value
                all.append(changed)
            }
            all.append(Array(bytes[..<index]))
            all.append(Array(bytes[(index + 1)...]))
            all.append(Array(bytes[..<index]) + Array(bytes[(index + 1)...]))
            all.append(Array(bytes[...index]) + Array(bytes[index...]))
        }
        return all
    }

    /// Reads `bytes` as every kind. Returns whether any took them; a crash fails the whole run.
    private func isTaken(_ bytes: [UInt8], _ kind: String) throws -> Bool {
        do {
            switch kind {
            case "commit": _ = try Commit(bytes, checksum: try #require(Checksum([UInt8](repeating: 0, count: 32))))
            case "dirtree": try DirectoryTree.read(bytes) { _, _ in }
            case "dirmeta": try DirectoryMeta.require(bytes)
            default: _ = try FileHeader(bytes)
            }
            return true
        } catch is OSTreeError {
            return false
        }
    }

    @Test("no change of a byte of metadata is more than refused", arguments: ["commit", "dirtree", "dirmeta", "filez"])
    func metadata(kind: String) throws {
        let repository = try TestRepository.small()
        for path in try repository.objects(kind) {
            var bytes = try repository.bytes(path)
            if kind == "filez" { bytes = Array(bytes[8..<(8 + Int(bytes[3]))]) }
            #expect(try isTaken(bytes, kind))
            var taken = 0
            let variants = variants(of: bytes)
            for variant in variants where try isTaken(variant, kind) { taken += 1 }
            // Checksums, numbers and texts may be any; what frames them may not.
            #expect(taken < variants.count, "\(path)")
        }
    }

    /// Deflate has bits without meaning: what passes must hold the very content that the name stands for.
    @Test("no change of a byte of a file object passes unless the content stays what it was")
    func files() throws {
        let repository = try TestRepository.small()
        let directory = try Directory(path: repository.root)
        let check = try ObjectCheck()
        for path in try repository.objects("filez") {
            let name = try #require(ObjectName(path: path))
            func content(_ path: String) throws -> [UInt8] {
                var content: [UInt8] = []
                let file = try directory.openFile(path)
                _ = try check.content(name, file, isCancelled: { false }) { content.append(contentsOf: $0) }
                return content
            }
            let sound = try content(path)
            var refused = 0
            for variant in variants(of: try repository.bytes(path)) {
                try repository.write(variant, at: "variant")
                do { #expect(try content("variant") == sound) } catch is OSTreeError { refused += 1 }
            }
            #expect(refused > 400)
        }
    }

    /// Superblocks, indexes and summaries.
    private func isTaken(shortcut bytes: [UInt8], _ kind: String) -> Bool {
        do throws(OSTreeError) {
            switch kind {
            case "superblock": _ = try DeltaSuperblock(bytes)
            case "index":
                let variant = VariantBytes(bytes)
                try variant.requireNormal(variant.all, VariantBytes.dictionary)
                try DeltaListing.read(variant, variant.all) { _, _ in }
            default:
                let summary = try Summary(bytes)
                try summary.refs { _ in }
                try DeltaListing.read(summary.variant, summary.metadata) { _, _ in }
            }
            return true
        } catch {
            return false
        }
    }

    @Test("no change of a byte of a superblock, an index or a summary is more than refused", arguments: [false, true])
    func shortcuts(isInline: Bool) throws {
        let repository = try TestRepository.small()
        try repository.listedDelta()
        let path = try repository.delta {
            $0.isInline = isInline
            $0.fallbacks = [DeltaDraft.Fallback(checksum: $0.to)]
            $0.dependencies = [UInt8](repeating: 1, count: 64)
        }
        for (kind, path) in [("superblock", path + "/superblock"), ("index", try repository.indexPath()), ("summary", "summary")] {
            let bytes = try repository.bytes(path)
            #expect(isTaken(shortcut: bytes, kind))
            let variants = variants(of: bytes)
            var taken = 0
            for variant in variants where isTaken(shortcut: variant, kind) { taken += 1 }
            #expect(taken < variants.count, "\(kind)")
        }
    }

    @Test("a commit of the numbers 0 to 255 in any small shape is refused without harm")
    func noise() throws {
        var state: UInt64 = 42
        for _ in 0..<20_000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let bytes = (0..<Int(state >> 58)).map { UInt8(truncatingIfNeeded: (state >> 20) &* UInt64($0 + 1) >> UInt64($0 % 9)) }
            for kind in ["commit", "dirtree", "dirmeta", "filez"] { _ = try isTaken(bytes, kind) }
            for kind in ["superblock", "index", "summary"] { _ = isTaken(shortcut: bytes, kind) }
        }
    }
}
