import FileTree
import Foundation
import TUF
import Testing

@testable import UpdateTree

/// Does the steps of a repair one by one, stops after each, and looks at what a new process would find.
@Suite("A repair that is killed")
struct KilledRepairTests {
    enum Step: Int, CaseIterable, Comparable {
        case none, created, prepared, setAside, published, firstLinked, temporaryLink, allLinked

        static func < (left: Step, right: Step) -> Bool { left.rawValue < right.rawValue }
    }

    let fixture: StoreFixture
    let content: SharedContent
    let updates: [UpdateKey]

    init() throws {
        fixture = try StoreFixture()
        try fixture.importSample("ci/main/42")
        try fixture.importSample("ci/main/43")
        content = try fixture.content(.filez, heldBy: "ci/main/42", "ci/main/43")
        updates = try ["ci/main/42", "ci/main/43"].map(StoreFixture.key)
        try Damage.flip(fixture.inStore(content), at: -2)
    }

    private var sample: DirectoryContent {
        get throws { try DirectoryContent(path: "\(StoreFixture.sample)/updates/ci/main/42") }
    }

    /// The same steps, in the same order, as `ContentRepair.mend` does them.
    private func run(upTo last: Step) throws {
        let store = fixture.library.store
        if last == .created {
            try Data("half".utf8).write(to: URL(fileURLWithPath: "\(fixture.path)/store/\(content.folder)/.repair-half"))
        }
        guard last >= .prepared else { return }
        let source = try #require(try sample.content(content))
        let prepared = try store.prepare(content, from: source, ContentCheck()).get()
        guard last >= .setAside else { return }
        let copy = try store.setAside(content)
        guard last >= .published else { return }
        try store.publish(prepared)
        guard last >= .firstLinked else { return }
        try fixture.library.relink(updates[0], copy)
        guard last >= .temporaryLink else { return }
        if last == .temporaryLink {
            let file = fixture.inUpdate(updates[1].path, content)
            let temporary = (file as NSString).deletingLastPathComponent + "/.\(content.fileName).link"
            try FileManager.default.linkItem(atPath: fixture.inStore(content), toPath: temporary)
            return
        }
        try fixture.library.relink(updates[1], copy)
    }

    @Test("leaves every file the old or the new one, and the next repair ends it", arguments: Step.allCases)
    func killed(after step: Step) throws {
        let damaged = try #require(FileManager.default.contents(atPath: fixture.inStore(content)))
        let right = try #require(FileManager.default.contents(atPath: "\(StoreFixture.sample)/updates/ci/main/42/\(content.path)"))
        try run(upTo: step)
        for key in updates {
            let bytes = try #require(FileManager.default.contents(atPath: fixture.inUpdate(key.path, content)))
            #expect(bytes == damaged || bytes == right)
        }
        // It never forgets before it ends.
        #expect(try !fixture.verify().isClean)

        let mends = try fixture.repair([sample])
        #expect(mends.allSatisfy { $0.isMended })
        for key in updates {
            #expect(try fixture.isWhole(key.path, as: key.path))
            #expect(try fixture.inode(fixture.inUpdate(key.path, content)) == fixture.inode(fixture.inStore(content)))
            // Accepted still, or to be checked anew; never refused.
            #expect(fixture.library.verdicts.verdict(on: key)?.isAccepted != false)
        }
        let report = try fixture.verify()
        #expect(report.findings.isEmpty)
        #expect(try fixture.library.store.damagedCopies().isEmpty)
    }

    @Test("leaves what updates hold to no import, and the updates refused, when nothing can repair it", arguments: Step.allCases)
    func killedAndNoSource(after step: Step) throws {
        try run(upTo: step)
        let mends = try fixture.repair()
        guard step < .published else {
            #expect(mends.map(\.outcome) == [.restored(from: "the store")])
            return
        }
        #expect(mends.map(\.outcome) == [.setAside])
        for key in updates { #expect(fixture.library.verdicts.verdict(on: key)?.isAccepted == false) }
        #expect(try fixture.verify().findings.map(\.kind) == [.setAside])
        // A source that turns up later is enough.
        #expect(try fixture.repair([sample]).allSatisfy { $0.isMended })
        for key in updates { #expect(try fixture.isWhole(key.path, as: key.path)) }
    }

    @Test("after it recorded the refusal leaves the update refused until it was repaired")
    func refusedThenRepaired() throws {
        _ = try fixture.repair()
        #expect(try fixture.repair([sample]).allSatisfy { $0.isMended })
        // The directories moved, so the update is checked as if it were new.
        for key in updates {
            #expect(fixture.library.verdicts.verdict(on: key) == nil)
            let check = InPlaceCheck(library: fixture.library, settings: VerificationSettings(workers: 2))
            #expect(try check.run(key, now: StoreFixture.now).isAccepted)
        }
    }
}
