import FileTree
import Foundation
import Synchronization
import Testing

@testable import OSTree

@Suite struct SoundRepositoryTests {
    /// Everything a system image may hold.
    private func fill(_ tree: String) throws {
        let manager = FileManager.default
        let deep = tree + "/usr/lib/" + (0..<120).map { "d\($0)" }.joined(separator: "/")
        for directory in [deep, tree + "/empty", tree + "/etc", tree + "/größe"] {
            try manager.createDirectory(atPath: directory, withIntermediateDirectories: true)
        }
        try Data("ID=lmp\n".utf8).write(to: URL(filePath: tree + "/usr/lib/os-release"))
        try Data("deep".utf8).write(to: URL(filePath: deep + "/file"))
        try Data().write(to: URL(filePath: tree + "/zero"))
        try Data("ü".utf8).write(to: URL(filePath: tree + "/größe/ß"))
        try Data(repeating: 7, count: 9 << 20).write(to: URL(filePath: tree + "/even"))
        var noise: UInt64 = 88_172_645_463_325_252
        let large = (0..<700_000).map { _ in
            noise ^= noise << 13
            noise ^= noise >> 7
            noise ^= noise << 17
            return UInt8(truncatingIfNeeded: noise)
        }
        try Data(large).write(to: URL(filePath: tree + "/large"))
        try Data("#!".utf8).write(to: URL(filePath: tree + "/setuid"))
        try manager.setAttributes([.posixPermissions: 0o4755], ofItemAtPath: tree + "/setuid")
        try manager.createSymbolicLink(atPath: tree + "/etc/os-release", withDestinationPath: "../usr/lib/os-release")
        try manager.createSymbolicLink(atPath: tree + "/absolute", withDestinationPath: "/etc/os-release")
        try manager.createSymbolicLink(atPath: tree + "/loop", withDestinationPath: "loop")
        try manager.createSymbolicLink(atPath: tree + "/out", withDestinationPath: "../../../etc/os-release")
    }

    @Test("what ostree committed and finds sound is complete")
    func real() throws {
        let repository = try TestRepository()
        try repository.commit(fill: fill)
        #expect(try repository.fsckStatus == 0)
        let report = try repository.report()
        #expect(report.findings == [])
        #expect(report.isComplete)
        #expect(report.unreferenced == 0)
        #expect(report.reached > 120)
        #expect(report.objects == report.reached)
        #expect(report.bytesRead > 600_000)
    }

    /// The stored header and the hashed one may need offsets of different lengths.
    @Test("the header of a symlink is hashed as ostree does, whatever its length")
    func headers() throws {
        let repository = try TestRepository()
        try repository.commit { tree in
            for length in Array(222...250) + [4_000] {
                try FileManager.default.createSymbolicLink(
                    atPath: tree + "/l\(length)", withDestinationPath: String(repeating: "x", count: length))
            }
        }
        #expect(try repository.report().findings == [])
    }

    @Test("extended attributes are part of a file and a directory")
    func attributes() throws {
        let repository = try TestRepository()
        let attributes = GVariantWriter.attributes([
            ("security.capability", [1, 0, 0, 2]), ("user.name", Array(repeating: 65, count: 300)),
        ])
        let file = try repository.addFile("hello", attributes: attributes)
        let link = try repository.addFile("", mode: 0o120777, target: "file", attributes: attributes)
        try repository.commit(
            dirtree: GVariantWriter.dirtree(
                files: GVariantWriter.files([(Array("file".utf8), file), (Array("link".utf8), link)]), directories: []),
            dirmeta: GVariantWriter.dirmeta(attributes: attributes))
        #expect(try repository.fsckStatus == 0)
        #expect(try repository.report().findings == [])
    }

    @Test("the updates of the sample are complete")
    func sample() throws {
        let top = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let updates = top.appending(path: "data-sample/updates")
        guard let paths = FileManager.default.enumerator(atPath: updates.path) else { return }
        let repositories = paths.compactMap { $0 as? String }.filter { $0.hasSuffix("/ostree_repo") }
        #expect(repositories.count > 0)
        for path in repositories {
            let repository = try Repository(try Directory(path: updates.appending(path: path).path))
            let report = ClosureCheck(repository: repository, workers: 2).run(commits: repository.refs().map(\.checksum))
            #expect(report.findings == [])
            #expect(report.isComplete && report.reached > 0)
        }
    }

    @Test("a commit says what was said when it was made")
    func commit() throws {
        let repository = try TestRepository()
        try repository.commit(branch: "main", "--subject=First", "--timestamp=@1700000000", fill: fill)
        let first = try repository.checksum()
        try repository.commit(
            "--subject=Second", "--body=Words", "--add-metadata-string=version=42", "--add-metadata='n=uint32 7'", "--timestamp=@1700000001"
        ) { try Data("x".utf8).write(to: URL(filePath: $0 + "/x")) }
        let commit = try repository.repository().commit(try repository.checksum())
        #expect(commit.subject == "Second" && commit.body == "Words")
        #expect(commit.parent == first)
        #expect(commit.timestamp == 1_700_000_001)
        #expect(commit.annotations == ["version": "42"])
        #expect(try repository.report().commits == [commit])
        #expect(try repository.repository().refs().map(\.name) == ["main"])
    }

    @Test("a commit may carry metadata of every type, and signatures beside it")
    func metadata() throws {
        let repository = try TestRepository()
        let values = [
            "true", "byte 7", "int16 -3", "uint16 3", "-1", "uint32 7", "int64 -9", "uint64 9", "handle 1", "1.5", "'text'",
            "objectpath '/a/b_1'", "signature 'a{sv}(ii)'", "<<'nested'>>", "@ms nothing", "@ms 'just'", "@mu just 7", "@as []",
            "['x', '', 'z']",
            "(true, 7)", "(1, 'x', byte 2)", "()", "[(1, true), (2, false)]", "{'k': <1>, 'l': <'v'>}", "@a{yt} {1: 2}", "[[byte 1], []]",
            "[@mi nothing, just 1]", "b'bytes'", "[<(1, <2>)>]", "{'a': [1.0, 2.0]}",
        ]
        let tree = repository.root + ".tree"
        try FileManager.default.createDirectory(atPath: tree, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: tree) }
        for (index, value) in values.enumerated() {
            let option = "--add-metadata=key\(index)=\(value)"
            let output = try run("ostree", "--repo=\(repository.root)", "commit", "-b", "b\(index)", option, tree).output
            let checksum = try #require(Checksum(hex: Array(output.utf8.prefix(64))), "\(value): \(output)")
            _ = try repository.repository().commit(checksum)
            try repository.write(GVariantWriter.array([]), at: ObjectName(checksum, .commit).path + "meta")
            #expect(ClosureCheck(repository: try repository.repository(), workers: 1).run(commits: [checksum]).findings == [])
        }
    }

    @Test("what no commit needs is counted, and compared too")
    func unreferenced() throws {
        let repository = try TestRepository()
        try repository.commit { try Data("old".utf8).write(to: URL(filePath: $0 + "/file")) }
        let old = try #require(try repository.objects("filez").first)
        try repository.commit { try Data("new".utf8).write(to: URL(filePath: $0 + "/file")) }
        let report = try repository.report()
        #expect(report.isComplete)
        #expect(report.unreferenced == 3)
        try repository.alter(old) { $0[$0.count - 2] ^= 1 }
        #expect(try repository.report().findings.map(\.path) == [old])
    }

    @Test("a parent that was pulled in part is nobody's business")
    func partialParent() throws {
        let repository = try TestRepository()
        try repository.commit { try Data("x".utf8).write(to: URL(filePath: $0 + "/file")) }
        try repository.write([], at: "state/\(String(repeating: "1", count: 64)).commitpartial")
        #expect(try repository.report().findings == [])
    }

    @Test("what is known is not read again, except directories to walk on")
    func known() throws {
        let repository = try TestRepository()
        try repository.commit(fill: fill)
        let all = ClosureCheck(repository: try repository.repository(), workers: 2, isKnown: { _ in true })
        let damaged = try #require(try repository.objects("filez").first)
        try repository.alter(damaged) { $0.removeAll() }
        let report = all.run(commits: [try repository.checksum()])
        #expect(report.isComplete)
        #expect(report.known == report.objects)
        #expect(report.bytesRead < 30_000)
        try repository.remove(damaged)
        try FileManager.default.createSymbolicLink(atPath: repository.url(damaged).path, withDestinationPath: "/etc/hostname")
        #expect(all.run(commits: [try repository.checksum()]).findings.map(\.code) == [.objectNotPlain])
        try repository.remove(damaged)
        #expect(all.run(commits: [try repository.checksum()]).findings.map(\.code) == [.objectMissing])
    }

    @Test("progress ends at the count of objects")
    func progress() throws {
        let repository = try TestRepository()
        try repository.commit(fill: fill)
        let last = Mutex(0)
        let check = ClosureCheck(
            repository: try repository.repository(), workers: 2, progress: { progress in last.withLock { $0 = max($0, progress.objects) } })
        let report = check.run(commits: [try repository.checksum()])
        #expect(last.withLock { $0 } == report.objects)
    }

    @Test("a check that was stopped says that it was, and blames nothing")
    func cancelled() throws {
        let repository = try TestRepository()
        try repository.commit(fill: fill)
        let questions = Mutex(0)
        let check = ClosureCheck(
            repository: try repository.repository(), workers: 2,
            isCancelled: {
                questions.withLock {
                    $0 += 1; return $0 > 150
                }
            })
        let report = check.run(commits: [try repository.checksum()])
        #expect(report.wasCancelled && !report.isComplete)
        #expect(report.findings == [])
    }

    @Test("a file in a commit is found through the links that lead to it")
    func reading() throws {
        let repository = try TestRepository()
        try repository.commit(fill: fill)
        let commit = try repository.repository().commit(try repository.checksum())
        func read(_ path: String, limit: Int = 100) throws -> String? {
            try repository.repository().readFile(path, in: commit, limit: limit).map { String(decoding: $0, as: UTF8.self) }
        }
        for path in ["usr/lib/os-release", "etc/os-release", "absolute", "out", "/usr/./lib//os-release", "etc/../usr/lib/os-release"] {
            #expect(try read(path) == "ID=lmp\n", "\(path)")
        }
        #expect(try read("zero") == "")
        #expect(try read("größe/ß") == "ü")
        for path in ["", "usr", "usr/lib", "absent", "usr/lib/os-release/x", "..", "etc/absent"] {
            #expect(try read(path) == nil, "\(path)")
        }
        #expect { try read("loop") } throws: { ($0 as? OSTreeError)?.code == .pathInvalid }
        #expect { try read("large") } throws: { ($0 as? OSTreeError)?.code == .objectTooLarge }
    }
}
