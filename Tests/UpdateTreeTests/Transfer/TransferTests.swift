import Foundation
import Testing

@testable import UpdateTree

@Suite struct TransferTests {
    static let samples = ["ci/main/42", "ci/main/43", "prod/prod/40"]

    @Test("an update comes over byte for byte, is accepted and told about like at its source", arguments: samples)
    func whole(sample: String) async throws {
        let fixture = try TransferFixture()
        let source = try SampleSource(sample)
        let report = try await fixture.bring(source)
        #expect(report.isAccepted && report.sharedFiles == 0)
        #expect(try fixture.site.isWhole(sample, as: sample))
        #expect(try fixture.site.isAccepted(sample))
        #expect(try fixture.site.library.verdicts.inventory(of: source.key) == source.inventory)
        #expect(fixture.site.library.holds(source.inventory, as: source.key))
        #expect(source.sent == source.contentBytes)
        #expect(fixture.parts == [] && !fixture.updates.contains { $0.hasPrefix(".") })
    }

    @Test("the snaps of an update come over with it")
    func snaps() async throws {
        let scratch = try Scratch()
        let folder = try scratch.copyOfSample()
        try FileManager.default.copyItem(atPath: SnapUpdateTests.samples, toPath: "\(folder)/snaps")
        let fixture = try TransferFixture()
        let source = try SampleSource("ci/main/43", from: folder)
        #expect(try await fixture.bring(source).isAccepted)
        let place = "\(fixture.site.path)/updates/ci/main/43/snaps"
        #expect(FileManager.default.contentsEqual(atPath: place, andPath: SnapUpdateTests.samples))
        #expect(try fixture.site.library.verdicts.inventory(of: source.key) == source.inventory)
    }

    @Test("of a second update only what the store lacks is fetched")
    func shares() async throws {
        let fixture = try TransferFixture()
        try await fixture.bring(SampleSource("ci/main/42"))
        let source = try SampleSource("ci/main/43")
        let report = try await fixture.bring(source)
        #expect(report.isAccepted && report.sharedFiles > 10 && report.sharedBytes > 0)
        #expect(source.sent == source.contentBytes - report.sharedBytes)
        #expect(try fixture.site.isWhole("ci/main/43", as: "ci/main/43"))
    }

    @Test("a line that is cut after every few bytes brings the update over all the same, no byte twice", arguments: [1_021, 4_096, 30_011])
    func cuts(bytesPerCall: Int) async throws {
        let fixture = try TransferFixture()
        let source = try SampleSource("ci/main/43", bytesPerCall: bytesPerCall)
        var report: UpdateReport?
        for _ in 0..<2_000 where report == nil {
            do {
                report = try await fixture.bring(source)
            } catch is SampleSource.Cut {
                #expect(fixture.isEmpty)
            }
        }
        #expect(report?.isAccepted == true)
        #expect(source.sent == source.contentBytes)
        #expect(try fixture.site.isWhole("ci/main/43", as: "ci/main/43"))
        #expect(fixture.parts == [])
    }

    @Test("many files at once come over like one after the other")
    func parallel() async throws {
        let fixture = try TransferFixture()
        let source = try SampleSource("ci/main/43")
        let report = try await fixture.transfer(parallel: 8).run(
            source.key, inventory: source.inventory, from: source, now: StoreFixture.now)
        #expect(report.isAccepted)
        #expect(try fixture.site.isWhole("ci/main/43", as: "ci/main/43"))
    }

    @Test("an update that changed at its source takes the place of the old one")
    func replaces() async throws {
        let fixture = try TransferFixture()
        try fixture.site.importSample("ci/main/42", as: "ci/main/live")
        let source = try SampleSource("ci/main/43")
        #expect(try await fixture.bring(source, as: "ci/main/live").isAccepted)
        #expect(try fixture.site.isWhole("ci/main/live", as: "ci/main/43"))
        #expect(try fixture.site.isAccepted("ci/main/live"))
        #expect(fixture.updates == ["ci", "prod", "main", "live"])
    }

    @Test("what is here already is brought over again without a byte of content")
    func again() async throws {
        let fixture = try TransferFixture()
        try await fixture.bring(SampleSource("ci/main/43"))
        let source = try SampleSource("ci/main/43")
        #expect(try await fixture.bring(source).isAccepted)
        #expect(source.sent == 0)
    }

    @Test("a part that was spoilt while it waited is fetched again from its first byte")
    func spoiltPart() async throws {
        let fixture = try TransferFixture()
        let source = try SampleSource("ci/main/42")
        let largest = try #require(source.inventory.files.filter { !$0.path.hasPrefix("tuf/") }.max { $0.size < $1.size })
        try FileManager.default.createDirectory(atPath: "\(fixture.site.path)/transfers", withIntermediateDirectories: true)
        let part = "\(fixture.site.path)/transfers/\(TransferFolder.partName(of: largest.content))"
        try Data(repeating: 7, count: 100).write(to: URL(fileURLWithPath: part))
        #expect(try await fixture.bring(source).isAccepted)
        #expect(source.calls.filter { $0.path == largest.path }.map(\.offset) == [100, 0])
    }

    @Test("a part that is another name of a served file is never written to")
    func aliasedPart() async throws {
        let fixture = try TransferFixture()
        try await fixture.bring(SampleSource("ci/main/42"))
        let source = try SampleSource("ci/main/42") { $0 == "ostree_repo/summary" ? [7, 7, 7] : $1 }
        let summary = try #require(source.inventory.files.first { $0.path == "ostree_repo/summary" })
        let part = "\(fixture.site.path)/transfers/\(TransferFolder.partName(of: summary.content))"
        #expect(link("\(fixture.site.path)/updates/ci/main/42/ostree_repo/summary", part) == 0)
        // The listed size is a lie, so the part is shortened.
        let lie = Inventory(
            source.inventory.files.map { $0 == summary ? Inventory.File(path: $0.path, size: 3, content: $0.content) : $0 })
        _ = await failure { try await fixture.bring(source, as: "ci/main/other", inventory: lie) }
        #expect(try fixture.site.isWhole("ci/main/42", as: "ci/main/42"))
    }

    @Test("a second transfer into the same data directory is refused while one runs")
    func busy() async throws {
        let fixture = try TransferFixture()
        let source = try SampleSource("ci/main/42")
        let claim = try TransferFolder.claim(in: fixture.site.library.data)
        let error = await failure { try await fixture.bring(source) }
        #expect((error as? TransferError)?.code == .busy)
        withExtendedLifetime(claim.lock) {}
    }

    @Test("parts that nobody went on with for a week are removed, younger ones stay")
    func collects() async throws {
        let fixture = try TransferFixture()
        _ = await failure { try await fixture.bring(SampleSource("ci/main/42", bytesPerCall: 50)) }
        let before = fixture.parts
        #expect(!before.isEmpty)
        let touched = Int64(Date.now.timeIntervalSince1970)
        try fixture.site.library.collectTransfers(now: touched + 6 * 86_400)
        #expect(fixture.parts == before)
        try fixture.site.library.collectTransfers(now: touched + 8 * 86_400)
        #expect(fixture.parts == [])
    }
}
