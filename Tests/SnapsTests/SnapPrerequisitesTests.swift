import Testing

@testable import Snaps

@Suite("What a snap needs before it")
struct SnapPrerequisitesTests {
    private func snap(
        _ name: String, _ kind: SnapKind, base: String? = nil, architecture: String = "amd64"
    ) throws -> SnapFile {
        SnapFile(
            name: try SnapName(name), revision: try SnapRevision("1"), architecture: architecture, base: try base.map { try SnapName($0) },
            kind: kind, isClassic: false, digest: SnapDigest(of: Array(name.utf8)), size: 1)
    }

    private func lacks(_ snaps: [SnapFile], present: String...) throws -> [[String]] {
        SnapPrerequisites(snaps: snaps, present: try present.map { try SnapName($0) }).lacks.map { $0.anyOf.map(\.text) }
    }

    @Test("an app alone lacks its base and snapd or core")
    func alone() throws {
        #expect(try lacks([snap("app", .app, base: "core22")]) == [["core22"], ["snapd", "core"]])
    }

    @Test("an app without a base lacks core, which is all that it needs")
    func core() throws {
        #expect(try lacks([snap("app", .app)]) == [["core"]])
        #expect(try lacks([snap("app", .app)], present: "core").isEmpty)
        #expect(try lacks([snap("app", .app), snap("core", .core)]).isEmpty)
    }

    @Test("an app that says that it needs no base needs snapd alone")
    func none() throws {
        #expect(try lacks([snap("app", .app, base: "none")]) == [["snapd", "core"]])
        #expect(try lacks([snap("app", .app, base: "none")], present: "snapd").isEmpty)
    }

    @Test("a base of another architecture, or an app with the base's name, is no base")
    func wrongBase() throws {
        let app = try snap("app", .app, base: "core22")
        #expect(try lacks([app, snap("core22", .base, architecture: "arm64")], present: "snapd") == [["core22"]])
        #expect(try lacks([app, snap("core22", .app, base: "none")], present: "snapd") == [["core22"]])
        #expect(try lacks([app, snap("core22", .base, architecture: "all")], present: "snapd").isEmpty)
    }

    @Test("what is here or declared present is not lacking, and a base needs nothing")
    func complete() throws {
        let app = try snap("app", .app, base: "core22")
        #expect(try lacks([app, snap("core22", .base), snap("snapd", .snapd)]).isEmpty)
        #expect(try lacks([app], present: "core22", "snapd").isEmpty)
        #expect(try lacks([snap("core22", .base), snap("pc-kernel", .kernel)]).isEmpty)
    }
}
