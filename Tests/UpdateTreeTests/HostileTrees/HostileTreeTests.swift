import Foundation
import Testing

@testable import UpdateTree

@Suite("Importing trees with one defect each")
struct HostileTreeTests {
    @Test("an import says what is wrong, and leaves nothing of what it refused", arguments: HostileTree.all)
    func hostile(_ tree: HostileTree) throws {
        let fixture = try StoreFixture(trustsSample: !tree.isSignedHere)
        let draft = try TreeDraft(in: fixture)
        try tree.spoil(draft)
        let outcome = Result { () throws(UpdateTreeError) in
            try fixture.ingest().run(.directory(path: draft.path), as: StoreFixture.key(tree.key), now: tree.now)
        }
        switch (tree.outcome, outcome) {
        case (.unreadable(let code), .failure(let error)):
            #expect(error.code == code)
            try expectNothing(in: fixture)
        case (.refused(let slug), .success(let report)):
            #expect(!report.isAccepted)
            #expect(report.findings.contains { $0.isFatal && $0.slug == slug }, "\(report.findings)")
            #expect(report.findings.allSatisfy { !$0.message.isEmpty })
            try expectNothing(in: fixture)
        case (.warned(let slug), .success(let report)):
            #expect(report.isAccepted && report.findings.contains { !$0.isFatal && $0.slug == slug }, "\(report.findings)")
            try expectWhole(tree.key, in: fixture)
        case (.accepted, .success(let report)):
            #expect(report.isAccepted && report.findings.isEmpty, "\(report.findings)")
            try expectWhole(tree.key, in: fixture)
        default:
            Issue.record("expected \(tree.outcome), got \(outcome)")
        }
    }

    @Test("what is wrong with a tree is told without its control characters")
    func quoting() throws {
        let fixture = try StoreFixture()
        let draft = try TreeDraft(in: fixture)
        try draft.write("tuf/a\u{1B}[31m", "x")
        let report = try fixture.ingest().run(.directory(path: draft.path), as: StoreFixture.key("ci/main/43"), now: StoreFixture.now)
        #expect(report.findings.allSatisfy { finding in finding.description.utf8.allSatisfy { $0 >= 0x20 } })
    }

    @Test("all samples are accepted", arguments: ["ci/main/42", "ci/main/43", "prod/prod/40"])
    func samples(_ sample: String) throws {
        let fixture = try StoreFixture()
        let report = try fixture.importSample(sample)
        #expect(report.isAccepted && report.findings.isEmpty, "\(report.findings)")
        try expectWhole(sample, in: fixture)
        #expect(try fixture.isWhole(sample, as: sample))
    }

    @Test("a mark of a commit that was pulled in part refuses a tree that was copied by hand")
    func commitPartial() throws {
        let fixture = try StoreFixture()
        try fixture.copyByHand("ci/main/43", as: "ci/main/43")
        let state = "\(fixture.path)/updates/ci/main/43/ostree_repo/state"
        try FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: true)
        let mark = "\(state)/\(SignedImage(manifest: "").commit).commitpartial"
        #expect(FileManager.default.createFile(atPath: mark, contents: nil))
        let check = InPlaceCheck(library: fixture.library, settings: VerificationSettings(workers: 2))
        let report = try check.run(StoreFixture.key("ci/main/43"), now: StoreFixture.now)
        #expect(report.findings.map(\.slug) == ["ostree-commit-partial"])
    }

    private func expectNothing(in fixture: StoreFixture) throws {
        #expect(everything(below: "updates", in: fixture) == ["ci", "prod"])
        #expect(everything(below: "store", in: fixture) == [])
        #expect(everything(below: "verdicts", in: fixture) == [])
    }

    private func expectWhole(_ key: String, in fixture: StoreFixture) throws {
        #expect(try fixture.isAccepted(key))
        #expect(everything(below: "updates", in: fixture).allSatisfy { !$0.hasPrefix(".") && !$0.contains("/.") })
        #expect(try fixture.verify().isClean)
    }

    private func everything(below folder: String, in fixture: StoreFixture) -> [String] {
        (FileManager.default.enumerator(atPath: "\(fixture.path)/\(folder)")?.allObjects as? [String] ?? []).sorted()
    }
}
