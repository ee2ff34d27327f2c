import Foundation
import Testing

@testable import UpdateTree

@Suite("Collecting the content store")
struct StoreCollectionTests {
    let fixture: StoreFixture
    static let day: Int64 = 86_400

    init() throws {
        fixture = try StoreFixture()
        try fixture.importSample("ci/main/42")
        try fixture.importSample("ci/main/43")
    }

    /// The clock of the file system, which no test can set, and so the one to count from.
    private var today: Int64 { Int64(time(nil)) }

    private func collect(in days: Int64, grace: Duration = StoreCollection.usualGrace) throws -> [CollectedFile] {
        var collected: [CollectedFile] = []
        _ = try StoreCollection(library: fixture.library, grace: grace).run(now: today + days * Self.day) { collected.append($0) }
        return collected
    }

    @Test("what an update holds is never removed, however old it is")
    func inUse() throws {
        let before = try fixture.stored()
        #expect(try collect(in: 10_000, grace: .zero).isEmpty)
        #expect(try fixture.stored() == before)
        #expect(try fixture.isWhole("ci/main/42", as: "ci/main/42"))
    }

    @Test("what no update holds stays for the days of grace, and then goes alone")
    func grace() throws {
        try fixture.library.delete(StoreFixture.key("ci/main/43"))
        let all = try fixture.stored()
        #expect(try collect(in: 6).isEmpty)
        #expect(try fixture.stored() == all)
        let collected = try collect(in: 8)
        #expect(!collected.isEmpty && collected.allSatisfy { $0.reason == .unused && $0.size > 0 })
        #expect(try fixture.stored().count == all.count - collected.count)
        #expect(try fixture.stored().allSatisfy { FileManager.default.fileExists(atPath: fixture.inUpdate("ci/main/42", $0)) })
        #expect(try fixture.isWhole("ci/main/42", as: "ci/main/42"))
    }

    @Test("a clock that stands before the file's time removes nothing")
    func clockBehind() throws {
        try fixture.library.delete(StoreFixture.key("ci/main/43"))
        #expect(try collect(in: -1_000).isEmpty)
    }

    @Test("a preview tells what would go and removes nothing")
    func preview() throws {
        try fixture.library.delete(StoreFixture.key("ci/main/43"))
        let all = try fixture.stored()
        var told: [String] = []
        let collection = StoreCollection(library: fixture.library)
        let preview = try collection.preview(now: today + 8 * Self.day) { told.append($0.path) }
        #expect(try fixture.stored() == all)
        #expect(preview.removed.files == Int64(told.count) && preview.inUse.files == Int64(all.count - told.count))
        var removed: [String] = []
        let summary = try collection.run(now: today + 8 * Self.day) { removed.append($0.path) }
        #expect(removed == told)
        #expect(summary == preview)
    }

    @Test("nothing is removed while an import runs")
    func busy() throws {
        try fixture.library.delete(StoreFixture.key("ci/main/43"))
        let all = try fixture.stored()
        func whileImporting(_ body: () throws -> Void) throws { try ImportClaim.importing(into: fixture.library.data).whileHeld(body) }
        try whileImporting {
            let error = #expect(throws: UpdateTreeError.self) { try collect(in: 100) }
            #expect(error?.code == .storeBusy)
        }
        #expect(try fixture.stored() == all)
        #expect(try !collect(in: 100).isEmpty)
    }

    @Test("foreign files stay, what a killed repair left goes at once")
    func foreignAndLeftovers() throws {
        let folder = try fixture.content(.filez, heldBy: "ci/main/42").folder
        for name in ["\(folder)/foreign", "\(folder)/.repair-x", "foreign"] {
            try Data("x".utf8).write(to: URL(fileURLWithPath: "\(fixture.path)/store/\(name)"))
        }
        #expect(try collect(in: 0).map(\.path) == ["\(folder)/.repair-x"])
        #expect(FileManager.default.fileExists(atPath: "\(fixture.path)/store/\(folder)/foreign"))
        #expect(FileManager.default.fileExists(atPath: "\(fixture.path)/store/foreign"))
    }

    @Test("a damaged file that was set aside stays while an update holds it")
    func damaged() throws {
        let content = try fixture.content(.filez, heldBy: "ci/main/42", "ci/main/43")
        try Damage.flip(fixture.inStore(content), at: -2)
        _ = try StoreRepair(library: fixture.library).contain(fixture.verify(), now: StoreFixture.now)
        #expect(try collect(in: 100).isEmpty)
        for key in ["ci/main/42", "ci/main/43"] { try fixture.library.delete(StoreFixture.key(key)) }
        #expect(try collect(in: 100).filter { $0.reason == .damaged }.count == 1)
        #expect(try fixture.library.store.damagedCopies().isEmpty)
    }

    @Test("an import brings anew what a collection removed")
    func importAfterwards() throws {
        for key in ["ci/main/42", "ci/main/43"] { try fixture.library.delete(StoreFixture.key(key)) }
        #expect(try !collect(in: 8).isEmpty)
        #expect(try fixture.stored().isEmpty)
        try fixture.importSample("ci/main/42")
        #expect(try fixture.isWhole("ci/main/42", as: "ci/main/42"))
    }
}
