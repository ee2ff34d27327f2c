import Snaps
import Testing
import UpdateTree

@testable import Fleet

@Suite("Where a device gets its required snaps from")
struct InstallPlanTests {
    private func file(
        _ name: String, _ revision: Int = 1, _ kind: SnapKind = .app, base: String? = nil, architecture: String = "amd64"
    ) throws -> SnapFile {
        SnapFile(
            name: try SnapName(name), revision: try SnapRevision(String(revision)), architecture: architecture,
            base: try base.map { try SnapName($0) }, kind: kind, isClassic: false, digest: SnapDigest(of: "\(name)\(revision)".utf8),
            size: 1)
    }

    private func plan(
        _ missing: [String], update: [SnapFile] = [], pool: [SnapFile] = [], present: [String] = [], installed: [String] = [],
        architecture: String? = "amd64"
    ) throws -> [RequiredSnap] {
        let plan = InstallPlan(
            shelves: [
                (.update, SnapShelf(snaps: update, present: [])),
                (.pool, SnapShelf(snaps: pool, present: Set(try present.map { try SnapName($0) }))),
            ], architecture: architecture, installed: try installed.map { try SnapName($0) })
        return plan.snaps(try missing.map { try SnapRequirement(snap: SnapName($0)) })
    }

    @Test("a snap that the tree does not hold comes from the store, by name")
    func store() throws {
        let plan = try plan(["hello"])
        #expect(plan.map(\.source) == [.store])
        #expect(plan[0].digest == nil)
    }

    @Test("the device's own update comes before the pool, and the newest revision of it")
    func updateFirst() throws {
        let plan = try plan(
            ["hello"], update: [file("hello", 2), file("hello", 10)], pool: [file("hello", 11)], installed: ["core"])
        #expect(plan.map(\.source) == [.update])
        #expect(plan[0].revision?.number == 10)
    }

    @Test("a base and snapd come along and first, when the device lacks them")
    func prerequisites() throws {
        let files = try [file("hello", base: "core22"), file("core22", 1, .base), file("snapd", 1, .snapd)]
        #expect(try plan(["hello"], pool: files).map(\.name.text) == ["snapd", "core22", "hello"])
        #expect(try plan(["hello"], pool: files, installed: ["core22", "snapd"]).map(\.name.text) == ["hello"])
        #expect(try plan(["hello"], pool: files, present: ["core22", "snapd"]).map(\.name.text) == ["hello"])
        #expect(try plan(["hello", "core22"], pool: files).map(\.name.text) == ["snapd", "core22", "hello"])
    }

    @Test("an app without a base needs core, which stands for snapd too")
    func core() throws {
        let files = try [file("old"), file("core", 1, .core), file("snapd", 1, .snapd)]
        #expect(try plan(["old"], pool: files).map(\.name.text) == ["core", "old"])
    }

    @Test("a file for another architecture is not taken")
    func architecture() throws {
        let files = try [file("hello", 1, architecture: "arm64")]
        #expect(try plan(["hello"], pool: files).map(\.source) == [.store])
        #expect(try plan(["hello"], pool: files, architecture: nil).map(\.source) == [.pool], "there is only one kind")
        let both = try files + [file("hello", 2)]
        #expect(try plan(["hello"], pool: both, architecture: nil).map(\.source) == [.store], "nobody knows which")
        #expect(try plan(["hello"], pool: [file("hello", 3, architecture: "all")]).map(\.source) == [.pool])
    }
}
