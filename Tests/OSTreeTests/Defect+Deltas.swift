import Foundation

@testable import OSTree

extension Defect {
    static let deltas = [
        Defect("a bit of a delta's part is another", .deltaPartMismatch) { try $0.alter(try $0.delta() + "/1") { $0[3] ^= 1 } },
        Defect("a byte follows a delta's part", .deltaPartMismatch) { try $0.alter(try $0.delta() + "/1") { $0.append(0) } },
        Defect("a delta's part is cut off", .deltaPartMismatch) { try $0.alter(try $0.delta() + "/0") { $0.removeLast() } },
        Defect("a delta's part is absent", .deltaPartMissing) { try $0.remove(try $0.delta() + "/1") },
        Defect("a delta's part is a symlink to the true one", .objectNotPlain) {
            let path = try $0.delta() + "/0"
            try FileManager.default.moveItem(atPath: $0.url(path).path, toPath: $0.url("kept").path)
            try FileManager.default.createSymbolicLink(atPath: $0.url(path).path, withDestinationPath: "../../../kept")
        },
        Defect("a delta's part is a FIFO", .objectNotPlain) {
            let path = try $0.delta() + "/0"
            try $0.remove(path)
            try run("mkfifo", $0.url(path).path)
        },
        Defect("a delta's part is a directory", .objectNotPlain) {
            let path = try $0.delta() + "/0"
            try $0.remove(path)
            try FileManager.default.createDirectory(atPath: $0.url(path).path, withIntermediateDirectories: false)
        },
        Defect("a superblock has a part's size wrong", .deltaPartMismatch) { try $0.delta { $0.parts[0].size = 5 } },
        Defect("a superblock says more bytes than any file has", .deltaPartMismatch) { try $0.delta { $0.parts[0].size = .max } },
        Defect("a superblock has a part's checksum wrong", .deltaPartMismatch) {
            try $0.delta { $0.parts[0].checksum = [UInt8](repeating: 1, count: 32) }
        },
        Defect("a superblock has its numbers in the other order", .deltaPartMismatch) { try $0.delta { $0.endianness = "B" } },
        Defect("a part in the superblock is another", .deltaPartMismatch) {
            try $0.delta {
                $0.isInline = true
                $0.parts[1].checksum = [UInt8](repeating: 1, count: 32)
            }
        },
        Defect("a part in the superblock is shorter than it says", .deltaPartMismatch) {
            try $0.delta {
                $0.isInline = true
                $0.parts[0].size = 500
            }
        },
        Defect("a superblock leads from another commit than its directory says", .deltaNameMismatch) {
            try $0.delta { $0.from = [UInt8](repeating: 1, count: 32) }
        },
        Defect("a superblock leads to another commit than its directory says", .deltaNameMismatch) {
            try $0.delta { $0.to = [UInt8](repeating: 1, count: 32) }
        },
        Defect("a directory names a delta's ends the wrong way round", .deltaNameMismatch) { repository in
            try repository.delta { draft in
                draft.from = [UInt8](repeating: 1, count: 32)
                draft.name = DeltaName(from: draft.name.to, to: draft.name.to)
            }
        },
        Defect("the commit in a superblock is another", .deltaCommitMismatch) { repository in
            try repository.delta { $0.commit = GVariantWriter.commit(tree: $0.to, meta: $0.to) }
        },
        Defect("an object to fetch beside a delta is absent", .deltaFallbackMissing) {
            try $0.delta { $0.fallbacks = [DeltaDraft.Fallback(checksum: [UInt8](repeating: 1, count: 32))] }
        },
        Defect("a delta leads to a commit that is absent", .deltaUnused) { repository in
            let absent = GVariantWriter.commit(tree: [UInt8](repeating: 1, count: 32), meta: [UInt8](repeating: 1, count: 32))
            let digest = try repository.add(absent, .commit)
            try repository.remove(try TestRepository.name(digest, .commit).path)
            try repository.delta {
                $0.to = digest
                $0.commit = absent
                $0.name = DeltaName(from: nil, to: try TestRepository.name(digest, .commit).checksum)
            }
        },
    ]

    static let superblocks = [
        Defect("a superblock is empty", .superblockMalformed) { try $0.alter(try $0.delta() + "/superblock") { $0 = [] } },
        Defect("a superblock is text", .superblockMalformed) {
            try $0.alter(try $0.delta() + "/superblock") { $0 = Array("hello, I am a delta".utf8) }
        },
        Defect("a superblock is cut off", .superblockMalformed) { try $0.alter(try $0.delta() + "/superblock") { $0.removeLast() } },
        Defect("a superblock has more than 64 MiB", .superblockMalformed) {
            let path = try $0.delta() + "/superblock"
            try FileHandle(forUpdating: $0.url(path)).truncate(atOffset: UInt64(DeltaSuperblock.largest) + 1)
        },
        Defect("a superblock is a symlink to the true one", .objectNotPlain) {
            let path = try $0.delta() + "/superblock"
            try FileManager.default.moveItem(atPath: $0.url(path).path, toPath: $0.url("kept").path)
            try FileManager.default.createSymbolicLink(atPath: $0.url(path).path, withDestinationPath: "../../../kept")
        },
        Defect("a superblock leads to no checksum", .superblockMalformed) { try $0.delta { $0.to.removeLast() } },
        Defect("a superblock begins with no checksum", .superblockMalformed) { try $0.delta { $0.from = [1] } },
        Defect("a superblock has no commit", .superblockMalformed) { try $0.delta { $0.commit = [] } },
        Defect("a part is of a later version", .superblockMalformed) { try $0.delta { $0.parts[0].version = 1 } },
        Defect("a part has no checksum", .superblockMalformed) { try $0.delta { $0.parts[0].checksum = [] } },
        Defect("a part's list of objects is cut", .superblockMalformed) { try $0.delta { $0.parts[0].objects.removeLast() } },
        Defect("a part makes an object of no kind", .superblockMalformed) { try $0.delta { $0.parts[0].objects[0] = 17 } },
        Defect("an object to fetch beside a delta is of no kind", .superblockMalformed) {
            try $0.delta { $0.fallbacks = [DeltaDraft.Fallback(kind: 17, checksum: [UInt8](repeating: 1, count: 32))] }
        },
        Defect("a superblock has its numbers in an order that is none", .superblockMalformed) { try $0.delta { $0.endianness = "x" } },
        Defect("a list of deltas to apply before is cut", .superblockMalformed) { try $0.delta { $0.dependencies = [1] } },
        Defect("a superblock has more parts than any delta", .superblockMalformed) {
            try $0.delta {
                $0.isInline = true
                $0.parts = Array(repeating: DeltaDraft.Part(content: [1]), count: DeltaSuperblock.mostParts + 1)
            }
        },
    ]
}
