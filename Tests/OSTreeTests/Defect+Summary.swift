import Foundation

@testable import OSTree

private typealias Writer = GVariantWriter

extension Defect {
    private static let ones = [UInt8](repeating: 1, count: 32)
    private static let absent = String(repeating: "0", count: 64)

    static let listings = [
        Defect("a summary lists a delta that is absent", .deltaMissing, .deltaUnused) {
            try $0.listedDelta(inIndex: false) { $0.name = absent }
        },
        Defect("an index lists a delta that is absent", .deltaMissing, .deltaUnused) {
            try $0.listedDelta(inSummary: false) { $0.name = absent }
        },
        Defect("a summary has another checksum of a superblock", .deltaDigestMismatch) {
            try $0.listedDelta(inIndex: false) { $0.superblock[0] ^= 1 }
        },
        Defect("an index has another checksum of a superblock", .deltaDigestMismatch) {
            try $0.listedDelta(inSummary: false) { $0.superblock[31] ^= 1 }
        },
        Defect("a listed superblock is absent", .deltaMissing, .deltaStray) {
            try $0.listedDelta()
            try $0.remove(DeltaName(from: nil, to: try $0.checksum()).path + "/superblock")
        },
        Defect("nothing lists a delta, though there is a summary", .deltaUnused) { try $0.listedDelta(inSummary: false, inIndex: false) },
        Defect("a listed delta's checksum has 31 bytes", .summaryMalformed, .deltaIndexMalformed, .deltaUnused) {
            try $0.listedDelta { $0.superblock.removeLast() }
        },
        Defect("a listed delta's name is none", .summaryMalformed, .deltaIndexMalformed, .deltaUnused) {
            try $0.listedDelta { $0.name = "../main" }
        },
        Defect("an index is text", .deltaIndexMalformed) { try $0.write(Array("hello".utf8), at: try $0.indexPath()) },
        Defect("an index is a FIFO", .objectNotPlain) {
            try $0.write([], at: try $0.indexPath())
            try $0.remove(try $0.indexPath())
            try run("mkfifo", $0.url(try $0.indexPath()).path)
        },
        Defect("a file beside the indexes is none", .deltaStray) { try $0.write([], at: "delta-indexes/ab/README.index") },
        Defect("a summary lists deltas in a list that is no dictionary", .summaryMalformed) {
            try $0.summary(metadata: [("ostree.static-deltas", [0], "y")])
        },
    ]

    static let strays = [
        Defect("a file lies beside a delta's parts", .deltaStray) { try $0.write([1], at: try $0.delta() + "/2") },
        Defect("a part's number has a zero in front", .deltaStray) { try $0.write([1], at: try $0.delta() + "/00") },
        Defect("a part lies both in the superblock and beside it", .deltaStray) {
            try $0.write([1], at: try $0.delta { $0.isInline = true } + "/0")
        },
        Defect("a directory below deltas has no superblock", .deltaStray) { try $0.remove(try $0.delta() + "/superblock") },
        Defect("a file lies in deltas itself", .deltaStray) { try $0.write([1], at: "deltas/README") },
        Defect("a file lies where a delta could", .deltaStray) { try $0.write([1], at: "deltas/ab/README") },
        Defect("a name in deltas would clear the screen", .deltaStray) { try $0.write([1], at: "deltas/\u{1B}[2J\n") },
        Defect("a delta's name has bits that are left over", .deltaStray) { repository in
            let path = try repository.delta()
            try FileManager.default.moveItem(atPath: repository.url(path).path, toPath: repository.url(path.dropLast() + "B").path)
        },
        Defect("deltas is a file", .deltaStray) { try $0.write([1], at: "deltas") },
    ]

    static let summaries = [
        Defect("a summary is text", .summaryMalformed) { try $0.write(Array("hello".utf8), at: "summary") },
        Defect("a summary is empty", .summaryMalformed) { try $0.write([], at: "summary") },
        Defect("a summary is a symlink", .objectNotPlain) {
            try FileManager.default.createSymbolicLink(atPath: $0.url("summary").path, withDestinationPath: "config")
        },
        Defect("a summary has more than 64 MiB", .summaryMalformed) {
            try $0.write([], at: "summary")
            try FileHandle(forUpdating: $0.url("summary")).truncate(atOffset: UInt64(Summary.largest) + 1)
        },
        Defect("a summary's ref names a commit that is absent", .summaryRefMissing, .summaryOutdated) { try $0.summary(commit: ones) },
        Defect("a summary's ref names no commit", .summaryMalformed) { try $0.summary(commit: [1]) },
        Defect("a summary has another size of a commit", .summaryRefMismatch) { try $0.summary(size: Writer.littleEndian(7)) },
        Defect("a summary names a ref that is absent", .summaryOutdated) { try $0.summary(name: "other") },
        Defect("a summary's ref has no name", .summaryMalformed) { try $0.summary(name: "") },
        Defect("a summary's refs are out of order", .summaryMalformed) { repository in
            let commit = try repository.checksum()
            let size = Writer.littleEndian(UInt64(try repository.bytes(ObjectName(commit, .commit).path).count))
            try repository.write(Array("\(commit)\n".utf8), at: "refs/heads/a")
            try repository.write(
                Writer.summary(refs: [("main", size, commit.bytes), ("a", size, commit.bytes)]), at: "summary")
        },
        Defect("two refs differ only as Unicode writes them, and the summary has none", .summaryOutdated) { repository in
            for name in ["\u{E9}", "e\u{301}"] { try repository.write(Array("\(repository.commit)\n".utf8), at: "refs/heads/\(name)") }
            try repository.summary()
        },
        Defect("a summary's signature is none", .summaryMalformed) { try $0.write(Array("hello".utf8), at: "summary.sig") },
    ]
}
