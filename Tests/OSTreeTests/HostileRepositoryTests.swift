import FileTree
import Foundation
import Testing

@testable import OSTree

private typealias Writer = GVariantWriter

@Suite struct HostileRepositoryTests {
    @Test("the small repository is right, and ostree says so too")
    func sound() throws {
        let repository = try TestRepository.small()
        #expect(try repository.report().findings == [])
        #expect(try repository.report().isComplete)
        #expect(try repository.fsckStatus == 0)
    }

    @Test("one defect is found, and nothing else is blamed", arguments: Defect.all)
    func defect(_ defect: Defect) throws {
        let repository = try TestRepository.small()
        try defect.make(repository)
        let report = try repository.report()
        #expect(Set(report.findings.map(\.code)) == Set(defect.codes), "\(report.findings)")
        #expect(report.errors + report.warnings == report.findings.count)
        #expect(report.isComplete == defect.codes.allSatisfy(\.isWarning))
        for finding in report.findings {
            #expect(finding.message.hasPrefix(finding.path))
            #expect(!finding.message.utf8.contains { $0 < 0x20 })
        }
    }

    static let configs: [(String?, OSTreeError.Code)] = [
        (nil, .configMissing), ("", .configInvalid), ("[core]\nrepo_version=1\nmode=bare\n", .modeUnsupported),
        ("[core]\nrepo_version=1\nmode=bare-user\n", .modeUnsupported), ("[core]\nmode=archive\n", .configInvalid),
        ("[core]\nrepo_version=2\nmode=archive\n", .configInvalid), ("[core]\nrepo_version=1\n", .configInvalid),
        ("[other]\nrepo_version=1\nmode=archive\n", .configInvalid), ("mode=archive\n", .configInvalid),
        ("[core]\nnonsense\n", .configInvalid),
        (String(repeating: "#", count: 70_000), .configInvalid),
    ]

    @Test("only an archive repository is one that can be served", arguments: configs)
    func config(text: String?, code: OSTreeError.Code) throws {
        let repository = try TestRepository()
        try repository.remove("config")
        if let text { try repository.write(Array(text.utf8), at: "config") }
        #expect { try repository.repository() } throws: { ($0 as? OSTreeError)?.code == code }
    }

    @Test(
        "a config is read as GLib reads it",
        arguments: [
            "# by hand\n\n[core]\n repo_version = 1\nmode = archive-z2 \n[remote \"x\"]\nmode=bare\n",
            "[core]\r\nrepo_version=1\r\nmode=archive",
        ])
    func tolerated(config: String) throws {
        let repository = try TestRepository()
        try repository.write(Array(config.utf8), at: "config")
        _ = try repository.repository()
    }

    @Test("a repository without objects is refused")
    func objects() throws {
        let repository = try TestRepository()
        try repository.remove("objects")
        #expect { try repository.repository() } throws: { ($0 as? OSTreeError)?.code == .unreadable }
    }

    @Test("a tree is walked to the depth that a file system has, and no deeper", arguments: [(1_024, true), (1_025, false)])
    func depth(levels: Int, isRight: Bool) throws {
        let repository = try TestRepository()
        let meta = try repository.add(Writer.dirmeta(), .dirmeta)
        var bytes: [UInt8] = [0]
        for _ in 1..<levels {
            let tree = try repository.add(bytes, .dirtree)
            bytes = Writer.dirtree(files: [], directories: Writer.directories([([97], tree, meta)]))
        }
        try repository.commit(dirtree: bytes)
        #expect(try repository.report().findings.map(\.code) == (isRight ? [] : [.tooDeep]))
    }

    @Test("a small file that inflates to a large one is left at the size it claims")
    func bomb() throws {
        let repository = try TestRepository()
        try repository.commit { tree in
            #expect(FileManager.default.createFile(atPath: tree + "/zeros", contents: nil))
            try #require(FileHandle(forWritingAtPath: tree + "/zeros")).truncate(atOffset: 64 << 20)
        }
        let path = try #require(try repository.objects("filez").first)
        try repository.alter(path) { $0.replaceSubrange(8..<16, with: [0, 0, 0, 0, 0, 0, 0, 9]) }
        let check = try ObjectCheck()
        let file = try Directory(path: repository.root).openFile(path)
        var inflated = 0
        #expect {
            _ = try check.content(try #require(ObjectName(path: path)), file, isCancelled: { false }) { inflated += $0.count }
        } throws: { ($0 as? OSTreeError)?.code == .sizeMismatch }
        #expect(inflated == 0)
    }

    @Test("findings are counted, and the first thousand kept")
    func many() throws {
        let repository = try TestRepository()
        let absent = (0..<1_500).map { number in
            (
                name: Array("f\(10_000 + number)".utf8),
                checksum: [UInt8](repeating: 1, count: 30) + [UInt8(number >> 8), UInt8(number & 255)]
            )
        }
        try repository.commit(dirtree: Writer.dirtree(files: Writer.files(absent), directories: []))
        let report = try repository.report()
        #expect(report.errors == 1_500)
        #expect(report.findings.count == 1_000)
    }
}
