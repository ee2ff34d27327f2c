import FileTree
import Foundation
import Testing

@testable import UpdateTree

@Suite("Updates that share content")
struct SharingTests {
    let fixture: StoreFixture

    init() throws { fixture = try StoreFixture() }

    /// What a directory takes on the disk: the blocks of each file once, however many names it has.
    private func blocks(_ directory: String, without known: inout Set<UInt64>) -> Int64 {
        var sum: Int64 = 0
        for case let name as String in FileManager.default.enumerator(atPath: directory) ?? FileManager.DirectoryEnumerator() {
            var raw = stat()
            guard lstat("\(directory)/\(name)", &raw) == 0, raw.st_mode & S_IFMT == S_IFREG else { continue }
            if known.insert(UInt64(raw.st_ino)).inserted { sum += Int64(raw.st_blocks) * 512 }
        }
        return sum
    }

    @Test("deleting one of two updates that are the same leaves the other whole, also after a collection")
    func deletion() throws {
        try fixture.importSample("ci/main/43")
        try fixture.importSample("ci/main/43", as: "ci/main/44")
        try fixture.library.delete(StoreFixture.key("ci/main/43"))
        _ = try StoreCollection(library: fixture.library, grace: .zero).run(now: Int64(time(nil)) + 10) { _ in }
        #expect(try fixture.isWhole("ci/main/44", as: "ci/main/43"))
        let check = InPlaceCheck(library: fixture.library, settings: VerificationSettings(workers: 2))
        let report = try check.run(StoreFixture.key("ci/main/44"), now: StoreFixture.now)
        #expect(report.isAccepted)
        #expect(report.sharedFiles == (try fixture.stored().count))
    }

    @Test("an update that shares most with another costs only the difference on the disk")
    func difference() throws {
        try fixture.importSample("ci/main/42")
        var known = Set<UInt64>()
        _ = blocks(fixture.path, without: &known)
        let before = Set(try fixture.stored())
        try fixture.importSample("ci/main/43")
        let cost = blocks(fixture.path, without: &known)

        let source = "\(StoreFixture.sample)/updates/ci/main/43"
        var expected: Int64 = 0
        for (name, data) in try StoreFixture.contents(source) {
            if let content = SharedContent(path: name), before.contains(content) { continue }
            expected += Int64(data.count + 4095) / 4096 * 4096
        }
        // Beside the update itself only the verdict and the inventory.
        #expect(cost >= expected / 2 && cost <= expected + 64 << 10)
        let shared = try Set(fixture.stored()).intersection(before)
        #expect(!shared.isEmpty)
        for content in shared where FileManager.default.fileExists(atPath: "\(source)/\(content.path)") {
            #expect(try fixture.inode(fixture.inUpdate("ci/main/43", content)) == fixture.inode(fixture.inUpdate("ci/main/42", content)))
        }
    }

    @Test("how often files are shared, and what that saves, can be told")
    func statistics() throws {
        try fixture.importSample("ci/main/43")
        let once = try fixture.library.store.statistics()
        #expect(once.savedBytes == 0 && once.filesByUpdates == [1: once.files])
        try fixture.importSample("ci/main/43", as: "ci/main/44")
        let twice = try fixture.library.store.statistics()
        #expect(twice.files == once.files && twice.bytes == once.bytes)
        #expect(twice.savedBytes == twice.bytes && twice.filesByUpdates == [2: twice.files])
        for key in ["ci/main/43", "ci/main/44"] { try fixture.library.delete(StoreFixture.key(key)) }
        let none = try fixture.library.store.statistics()
        #expect(none.unusedBytes == none.bytes && none.filesByUpdates == [0: none.files])
    }
}
