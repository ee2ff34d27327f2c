import Foundation
import Testing

@testable import UpdateTree

@Suite("Verifying the content store")
struct StoreVerificationTests {
    let fixture: StoreFixture

    init() throws {
        fixture = try StoreFixture()
        try fixture.importSample("ci/main/42")
        try fixture.importSample("ci/main/43")
    }

    @Test("a bit that flips anywhere in shared content is found, and the updates that hold it are named", arguments: ContentKind.allCases)
    func flippedBit(kind: ContentKind) throws {
        let content = try fixture.content(kind, heldBy: "ci/main/42")
        let file = fixture.inStore(content)
        let size = try Damage.size(file)
        let holders = try ["ci/main/42", "ci/main/43"].filter { FileManager.default.fileExists(atPath: fixture.inUpdate($0, content)) }
            .map(StoreFixture.key)
        for offset in stride(from: 0, to: size, by: max(1, size / 16)) {
            try Damage.flip(file, at: offset)
            let report = try fixture.verify()
            #expect(report.damageCount == 1, "at byte \(offset) of \(size)")
            let finding = try #require(report.findings.first)
            #expect(finding.content == content && finding.kind == .damaged)
            #expect(finding.updates == holders)
            try Damage.flip(file, at: offset)
        }
        #expect(try fixture.verify().isClean)
    }

    @Test("content that is cut off or too long is found", arguments: ContentKind.allCases, [-1, 1])
    func wrongLength(kind: ContentKind, difference: Int) throws {
        let content = try fixture.content(kind, heldBy: "ci/main/42")
        try Damage.write(fixture.inStore(content)) { bytes in
            if difference < 0 { bytes.removeLast() } else { bytes.append(0) }
        }
        let report = try fixture.verify()
        #expect(report.findings.map(\.content) == [content])
        #expect(report.findings.map(\.kind) == [.damaged])
    }

    @Test("a file that lies under another's name is found", arguments: ContentKind.allCases)
    func wrongName(kind: ContentKind) throws {
        let content = try fixture.content(kind, heldBy: "ci/main/42")
        // There is but one dirmeta.
        let others = try fixture.stored().filter { $0 != content }
        let other = try #require(others.first(where: kind.includes) ?? others.first)
        try FileManager.default.removeItem(atPath: fixture.inStore(content))
        try FileManager.default.linkItem(atPath: fixture.inStore(other), toPath: fixture.inStore(content))
        let report = try fixture.verify()
        #expect(report.findings.map(\.content) == [content])
        // The updates hold the right file, and not this one.
        #expect(report.findings.first?.updates == [])
    }

    @Test("a bit that flips at the end of a large blob is found", arguments: [256 << 10, (256 << 10) + 1, 1 << 20])
    func largeBlob(size: Int) throws {
        let bytes = [UInt8](repeating: 7, count: size)
        let content = SharedContent.blob(Digest(of: bytes))
        try Data(bytes).write(to: URL(fileURLWithPath: "\(fixture.path)/large"))
        try fixture.library.store.adopt(content, from: fixture.library.data, name: "large")
        #expect(try fixture.verify().isClean)
        try Damage.flip(fixture.inStore(content), at: -1)
        #expect(try fixture.verify().findings.map(\.content) == [content])
    }

    @Test("what is no plain file in the place of content is reported and never followed", arguments: NotPlain.allCases)
    func notPlain(_ thing: NotPlain) throws {
        let content = try fixture.content(.filez, heldBy: "ci/main/42")
        let file = fixture.inStore(content)
        // Were it followed, it would be right.
        let right = "\(fixture.path)/right"
        try FileManager.default.moveItem(atPath: file, toPath: right)
        try thing.put(at: file, right: right)
        let report = try fixture.verify()
        #expect(report.findings.map(\.kind) == [.notPlain])
        #expect(report.findings.map(\.slug) == ["store-file-not-plain"])
        #expect(report.findings.map(\.content) == [content])
    }

    @Test("an import takes nothing that is no plain file for content", arguments: NotPlain.allCases)
    func notPlainWhileImporting(_ thing: NotPlain) throws {
        let content = try fixture.content(.filez, heldBy: "ci/main/42", "ci/main/43")
        let right = "\(fixture.path)/right"
        try FileManager.default.moveItem(atPath: fixture.inStore(content), toPath: right)
        try thing.put(at: fixture.inStore(content), right: right)
        try fixture.importSample("ci/main/43", as: "ci/main/44")
        #expect(try fixture.isAccepted("ci/main/44"))
        #expect(try fixture.isWhole("ci/main/44", as: "ci/main/43"))
    }

    @Test("files that are no content are told as foreign, and are no damage")
    func foreign() throws {
        let names = ["README", "objects/x", "objects/00/x", "blobs/x", "blobs/sha256/ABC", "objects/zz/y"]
        for name in names {
            let path = "\(fixture.path)/store/\(name)"
            try FileManager.default.createDirectory(
                atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
            try Data("x".utf8).write(to: URL(fileURLWithPath: path))
        }
        let report = try fixture.verify()
        #expect(report.isClean)
        #expect(report.findings.map(\.path) == ["README", "blobs/sha256/ABC", "blobs/x", "objects/00/x", "objects/x", "objects/zz"])
        #expect(report.findings.allSatisfy { $0.kind == .foreign && $0.slug == "store-file-foreign" })
    }

    @Test("a whole store is clean, and every file of it was read")
    func clean() throws {
        let report = try fixture.verify()
        #expect(report.isClean && report.findings.isEmpty)
        #expect(report.files == Int64(try fixture.stored().count))
        #expect(report.bytes == (try fixture.library.store.statistics().bytes))
        #expect(report.bytes > 0)
    }
}

/// What may stand where a file belongs.
enum NotPlain: CaseIterable {
    case link, fifo, directory

    func put(at path: String, right: String) throws {
        switch self {
        case .link: try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: right)
        case .fifo: mkfifo(path, 0o644)
        case .directory: try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        }
    }
}
