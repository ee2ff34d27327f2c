import Foundation
import Testing

@testable import OSTree

extension Defect {
    static let objects = [
        Defect("a file is absent", .objectMissing) { try $0.remove(try $0.filez("content of b")) },
        Defect("a directory is absent", .objectMissing) { try $0.remove(try $0.objects("dirtree")[0]) },
        Defect("a directory's metadata is absent", .objectMissing) { repository in
            try repository.remove(try #require(try repository.objects("dirmeta").first { try repository.bytes($0).count > 12 }))
        },
        Defect("the commit is absent", .objectMissing, .refDangling) { try $0.remove(try $0.objects("commit")[0]) },
        Defect("a bit of a directory is another", .digestMismatch) { try $0.alter(try $0.objects("dirtree")[0]) { $0[4] ^= 1 } },
        Defect("a bit of the commit is another", .digestMismatch) { try $0.alter(try $0.objects("commit")[0]) { $0[4] ^= 1 } },
        Defect("a bit of a directory's mode is another", .digestMismatch) { try $0.alter(try $0.objects("dirmeta")[0]) { $0[11] ^= 1 } },
        Defect("a directory is called a directory's metadata", .modeInvalid, .objectMissing) { repository in
            let path = try #require(try repository.objects("dirtree").first { try repository.bytes($0).count < 60 })
            try repository.write(try repository.bytes(path), at: path.replacing(".dirtree", with: ".dirmeta"))
            try repository.remove(path)
        },
        Defect("a directory's metadata is called a commit", .variantMalformed) {
            let path = try $0.objects("dirmeta")[0]
            try $0.write(try $0.bytes(path), at: path.replacing(".dirmeta", with: ".commit"))
        },
        Defect("a file is called a directory", .digestMismatch) {
            let path = try $0.filez("content of a")
            try $0.write(try $0.bytes(path), at: path.replacing(".filez", with: ".dirtree"))
        },
        Defect("an object is a symlink to the true one", .objectNotPlain) {
            let path = try $0.filez("content of a")
            try FileManager.default.moveItem(atPath: $0.url(path).path, toPath: $0.url("kept").path)
            try FileManager.default.createSymbolicLink(atPath: $0.url(path).path, withDestinationPath: "../../kept")
        },
        Defect("an object is a FIFO", .objectNotPlain) {
            let path = try $0.filez("content of a")
            try $0.remove(path)
            try run("mkfifo", $0.url(path).path)
        },
        Defect("an object is a directory", .objectNotPlain) {
            let path = try $0.objects("dirtree")[0]
            try $0.remove(path)
            try FileManager.default.createDirectory(atPath: $0.url(path).path, withIntermediateDirectories: false)
        },
        Defect("a directory of objects is a symlink", .objectNotPlain, .objectMissing) {
            let folder = String(try $0.filez("content of a").prefix(10))
            try FileManager.default.moveItem(atPath: $0.url(folder).path, toPath: $0.url("kept").path)
            try FileManager.default.createSymbolicLink(atPath: $0.url(folder).path, withDestinationPath: "../kept")
        },
        Defect("a file in objects has another name", .objectNameInvalid) { try $0.write([1], at: "objects/ab/README") },
        Defect("an object's name has capital letters", .objectNameInvalid) {
            try $0.write([1], at: "objects/ab/\(String(repeating: "A", count: 62)).filez")
        },
        Defect("an object is of a kind that archives have not", .objectNameInvalid) {
            try $0.write([1], at: "objects/ab/\(String(repeating: "0", count: 62)).file")
        },
        Defect("a name in objects would clear the screen", .objectNameInvalid) { try $0.write([1], at: "objects/\u{1B}[2J\n") },
        Defect("a file lies in objects itself", .objectNameInvalid) { try $0.write([1], at: "objects/README") },
        Defect("a file lies where a directory of objects could", .objectNameInvalid) { repository in
            let free = (0..<256).map { ObjectInventory.shardName($0) }.first { name in
                !FileManager.default.fileExists(atPath: repository.url("objects/" + name).path)
            }
            try repository.write([1], at: "objects/" + (try #require(free)))
        },
        Defect("a signature is none", .variantMalformed) {
            try $0.write([1], at: try $0.objects("commit")[0] + "meta")
        },
        Defect("metadata has more than 128 MiB", .objectTooLarge) { repository in
            let path = try repository.objects("dirmeta")[0]
            try FileHandle(forUpdating: repository.url(path)).truncate(atOffset: UInt64(ObjectCheck.largestMetadata) + 1)
        },
    ]

    static let repositories = [
        Defect("only a part of the commit was pulled", .commitPartial) { try $0.write([], at: "state/\($0.commit).commitpartial") },
        Defect("a ref names a commit that is absent", .refDangling) {
            try $0.write(Array((String(repeating: "0", count: 64) + "\n").utf8), at: "refs/heads/deep/other")
        },
        Defect("a ref holds no checksum", .refInvalid) { try $0.write(Array("main\n".utf8), at: "refs/heads/other") },
        Defect("a ref is a symlink", .refInvalid) {
            try FileManager.default.createSymbolicLink(atPath: $0.url("refs/heads/other").path, withDestinationPath: "main")
        },
    ]
}
