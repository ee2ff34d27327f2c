import FileTree
import Foundation
import TUF
import Testing

@testable import UpdateTree

@Suite("Repairing the content store")
struct StoreRepairTests {
    let fixture: StoreFixture

    init() throws {
        fixture = try StoreFixture()
        try fixture.importSample("ci/main/42")
        try fixture.importSample("ci/main/43")
    }

    private func spoil(_ kind: ContentKind = .filez) throws -> SharedContent {
        let content = try fixture.content(kind, heldBy: "ci/main/42", "ci/main/43")
        try Damage.flip(fixture.inStore(content), at: -2)
        return content
    }

    @Test("without a right copy the updates that hold the damage are refused, and no import takes it for right")
    func contained() throws {
        let content = try spoil()
        let mends = try StoreRepair(library: fixture.library).contain(fixture.verify(), now: StoreFixture.now)
        #expect(mends.map(\.outcome) == [.setAside])
        #expect(mends.first?.updates.count == 2)
        #expect(!fixture.library.store.contains(content))
        for key in try ["ci/main/42", "ci/main/43"].map(StoreFixture.key) {
            let verdict = try #require(fixture.library.verdicts.verdict(on: key))
            #expect(!verdict.isAccepted && verdict.fatalCount == 1)
            #expect(verdict.findings.first?.path == content.path)
        }
        // It is still known at the next check.
        let report = try fixture.verify()
        #expect(report.findings.map(\.kind) == [.setAside])
        #expect(report.findings.first?.updates.count == 2)
    }

    @Test("an import after that brings the right content, and the next repair takes it from there")
    func importAfterContaining() throws {
        let content = try spoil()
        _ = try StoreRepair(library: fixture.library).contain(fixture.verify(), now: StoreFixture.now)
        try fixture.importSample("ci/main/43", as: "ci/main/44")
        #expect(try fixture.isWhole("ci/main/44", as: "ci/main/43"))
        let mends = try fixture.repair()
        #expect(mends.map(\.outcome) == [.restored(from: "the store")])
        #expect(try fixture.isWhole("ci/main/42", as: "ci/main/42"))
        #expect(try fixture.links(fixture.inStore(content)) == 4)
        #expect(try fixture.verify().findings.isEmpty)
    }

    @Test("a source whose copy is wrong too is refused, and what it had is told", arguments: ContentKind.allCases)
    func wrongSource(kind: ContentKind) throws {
        let content = try fixture.content(kind, heldBy: "ci/main/42")
        try Damage.flip(fixture.inStore(content), at: -2)
        let stick = "\(fixture.path)/stick"
        try FileManager.default.copyItem(atPath: "\(StoreFixture.sample)/updates/ci/main/42", toPath: stick)
        try Damage.flip("\(stick)/\(content.path)", at: -2)
        let mends = try fixture.repair([DirectoryContent(path: stick)])
        #expect(mends.map(\.outcome) == [.setAside])
        #expect(mends.first?.tried.count == 1)
        #expect(try !fixture.isAccepted("ci/main/42"))
        #expect(try fixture.stored().contains(content) == false)
    }

    @Test("a source that fails is passed over")
    func failingSource() throws {
        struct Failing: ContentSource {
            let name = "the broken one"
            func content(_ content: SharedContent) throws -> Descriptor? { throw FileTreeError(.failed, "it is gone") }
        }
        _ = try spoil()
        let sample = try DirectoryContent(path: "\(StoreFixture.sample)/updates/ci/main/42")
        let mends = try fixture.repair([Failing(), sample])
        #expect(mends.map(\.outcome) == [.restored(from: sample.name)])
        #expect(mends.first?.tried.first?.contains("the broken one") == true)
    }

    @Test("a source that breaks off while it is copied is passed over")
    func breakingSource() throws {
        struct Breaking: ContentSource {
            let name = "the broken one"
            let directory: Directory
            func content(_ content: SharedContent) throws -> Descriptor? { directory.descriptor }
        }
        _ = try spoil()
        let breaking = Breaking(directory: fixture.library.data)
        #expect(try fixture.repair([breaking]).map(\.outcome) == [.setAside])
        let sample = try DirectoryContent(path: "\(StoreFixture.sample)/updates/ci/main/42")
        let mends = try fixture.repair([breaking, sample])
        #expect(mends.map(\.outcome) == [.restored(from: sample.name)])
        #expect(mends.first?.tried.first?.contains("the broken one") == true)
        #expect(try fixture.verify().findings.isEmpty)
    }

    @Test("nothing is repaired while an import runs")
    func busy() throws {
        let content = try spoil()
        let report = try fixture.verify()
        let claim = try ImportClaim.importing(into: fixture.library.data)
        try claim.whileHeld { () throws in
            let error = #expect(throws: UpdateTreeError.self) {
                try StoreRepair(library: fixture.library).repair(report, now: StoreFixture.now)
            }
            #expect(error?.code == .storeBusy)
        }
        #expect(fixture.library.store.contains(content))
    }

    @Test("another update's separate copy repairs the store and every update", arguments: ContentKind.allCases)
    func fromUpdate(kind: ContentKind) throws {
        try fixture.copyByHand("ci/main/42", as: "ci/main/by-hand")
        let content = try fixture.content(kind, heldBy: "ci/main/42")
        try Damage.flip(fixture.inStore(content), at: -2)
        let mends = try fixture.repair()
        #expect(mends.map(\.outcome) == [.restored(from: "the update ci/main/by-hand")])
        #expect(try fixture.isWhole("ci/main/42", as: "ci/main/42"))
        #expect(try fixture.isWhole("ci/main/43", as: "ci/main/43"))
        #expect(try fixture.inode(fixture.inStore(content)) == fixture.inode(fixture.inUpdate("ci/main/42", content)))
        #expect(try fixture.isAccepted("ci/main/42") && fixture.isAccepted("ci/main/43"))
        #expect(try fixture.verify().findings.isEmpty)
    }

    @Test(
        "a directory of the operator's repairs it, wherever the content begins in it",
        arguments: ["update", "repository", "apps", "store", "data", "content", "content-store"])
    func fromDirectory(shape: String) throws {
        let kind: ContentKind = shape == "apps" ? .blob : .filez
        let content = try fixture.content(kind, heldBy: "ci/main/42")
        let place = "\(fixture.path)/stick"
        let inner =
            switch shape {
            case "update": content.path
            case "store", "repository", "apps": content.pathInStore
            case "data": "store/\(content.pathInStore)"
            case "content": "content/\(content.path)"
            default: "content/\(content.pathInStore)"
            }
        try FileManager.default.createDirectory(
            atPath: ("\(place)/\(inner)" as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try FileManager.default.copyItem(
            atPath: "\(StoreFixture.sample)/updates/ci/main/42/\(content.path)", toPath: "\(place)/\(inner)")
        try Damage.flip(fixture.inStore(content), at: -2)
        #expect(try fixture.repair([DirectoryContent(path: place)]).map(\.outcome) == [.restored(from: place)])
        #expect(try fixture.isWhole("ci/main/42", as: "ci/main/42"))
    }

    @Test("a link in the operator's directory is not followed")
    func linkInSource() throws {
        let content = try spoil()
        let place = "\(fixture.path)/stick"
        try FileManager.default.createDirectory(
            atPath: ("\(place)/\(content.path)" as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            atPath: "\(place)/\(content.path)",
            withDestinationPath: "\(StoreFixture.sample)/updates/ci/main/42/\(content.path)")
        #expect(try fixture.repair([DirectoryContent(path: place)]).map(\.outcome) == [.setAside])
    }

    @Test("what is no plain file leaves the store, and no update changes", arguments: NotPlain.allCases)
    func notPlain(_ thing: NotPlain) throws {
        let content = try fixture.content(.filez, heldBy: "ci/main/42")
        let right = "\(fixture.path)/right"
        try FileManager.default.moveItem(atPath: fixture.inStore(content), toPath: right)
        try thing.put(at: fixture.inStore(content), right: right)
        #expect(try fixture.repair().map(\.outcome) == [.removed])
        #expect(try fixture.isWhole("ci/main/42", as: "ci/main/42"))
        #expect(try fixture.isAccepted("ci/main/42"))
        #expect(FileManager.default.fileExists(atPath: right))
        #expect(try fixture.verify().findings.isEmpty)
    }

    @Test("a damaged file that no update holds is removed")
    func unheld() throws {
        let content = try spoil()
        for key in ["ci/main/42", "ci/main/43"] { try fixture.library.delete(StoreFixture.key(key)) }
        #expect(try fixture.repair().map(\.outcome) == [.removed])
        #expect(!fixture.library.store.contains(content))
        #expect(try fixture.verify().findings.isEmpty)
    }

    @Test("a file that an update has of its own, evidently longer than the store's, is kept for the repair")
    func adoptionBesideDamage() throws {
        let content = try fixture.content(.filez, heldBy: "ci/main/42", "ci/main/43")
        try Damage.write(fixture.inStore(content)) { $0.removeLast() }
        try fixture.copyByHand("ci/main/42", as: "ci/main/by-hand")
        let check = InPlaceCheck(library: fixture.library, settings: VerificationSettings(workers: 2))
        #expect(try check.run(StoreFixture.key("ci/main/by-hand"), now: StoreFixture.now).isAccepted)
        #expect(try fixture.isWhole("ci/main/by-hand", as: "ci/main/42"))
        #expect(try fixture.repair().map(\.outcome) == [.restored(from: "the update ci/main/by-hand")])
        #expect(try fixture.isWhole("ci/main/42", as: "ci/main/42"))
    }
}
