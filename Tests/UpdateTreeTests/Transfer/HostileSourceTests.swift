import Foundation
import TUF
import Testing

@testable import UpdateTree

/// What a source may send in the place of one file.
struct Lie: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let tell: @Sendable ([UInt8]) -> [UInt8]

    static let all: [Lie] = [
        Lie(testDescription: "other bytes") { $0.map { $0 ^ 0x55 } },
        Lie(testDescription: "one wrong bit at the end") { $0.dropLast() + [($0.last ?? 0) ^ 1] },
        Lie(testDescription: "more than announced") { $0 + [0] },
        Lie(testDescription: "far more than announced") { $0 + [UInt8](repeating: 1, count: 1 << 20) },
        Lie(testDescription: "less than announced") { Array($0.dropLast()) },
        Lie(testDescription: "nothing") { _ in [] },
    ]
}

@Suite struct HostileSourceTests {
    /// One file of each kind.
    static let victims = [
        ".commit", ".dirtree", ".filez", "apps/blobs/sha256/", "ostree_repo/summary", "tuf/targets.json", "tuf/3.root.json",
    ]

    @Test("a file that is not what the inventory says is discarded and nothing becomes visible", arguments: Lie.all, victims)
    func wrongBytes(lie: Lie, victim: String) async throws {
        let fixture = try TransferFixture()
        let honest = try SampleSource("ci/main/42")
        let path = try #require(honest.inventory.files.first { $0.path.contains(victim) && $0.size > 1 }).path
        let source = try SampleSource("ci/main/42") { $0 == path ? lie.tell($1) : $1 }
        let error = await failure { try await fixture.bring(source) }
        #expect((error as? TransferError)?.code == .contentWrong)
        #expect((error as? TransferError)?.message.contains(path) == true)
        #expect(fixture.isEmpty)
        let content = try #require(honest.inventory.files.first { $0.path == path }).content
        #expect(!fixture.parts.contains(TransferFolder.partName(of: content)))
        // An honest source goes on with what is here.
        #expect(try await fixture.bring(honest).isAccepted)
        #expect(try fixture.site.isWhole("ci/main/42", as: "ci/main/42"))
    }

    private func bad(_ path: String, _ size: Int64 = 1) throws -> Inventory.File {
        Inventory.File(path: path, size: size, content: .plain(Digest(of: [UInt8(0)])))
    }

    @Test(
        "an inventory that names what no update holds is refused before anything is fetched",
        arguments: ["../../etc/passwd", "/etc/passwd", "tuf/../../x", "elsewhere/x", "tuf//x", "tuf/\u{0}x", "tuf", "ostree_repo/config/x"])
    func outside(path: String) async throws {
        let fixture = try TransferFixture()
        let source = try SampleSource("ci/main/42")
        let inventory = Inventory(source.inventory.files + [try bad(path)])
        let error = await failure { try await fixture.bring(source, inventory: inventory) }
        #expect((error as? TransferError)?.code == .inventoryUnusable)
        #expect(source.calls.isEmpty && fixture.isEmpty && fixture.parts == [])
    }

    @Test("an inventory with a file twice, or with content under another content's name, is refused")
    func contradictions() async throws {
        let fixture = try TransferFixture()
        let source = try SampleSource("ci/main/42")
        let object = try #require(source.inventory.files.first { $0.path.hasSuffix(".commit") })
        for extra in [object, try bad(object.path)] {
            let error = await failure { try await fixture.bring(source, inventory: Inventory(source.inventory.files + [extra])) }
            #expect((error as? TransferError)?.code == .inventoryUnusable)
        }
    }

    @Test("more files, bytes or metadata than the limits allow are refused before anything is fetched")
    func limits() async throws {
        let fixture = try TransferFixture()
        let source = try SampleSource("ci/main/42")
        var few = TransferLimits()
        few.files = 10
        var small = TransferLimits()
        small.bytes = 1_000
        var bare = TransferLimits()
        bare.metadataFiles = 2
        var thin = TransferLimits()
        thin.metadataBytes = 100
        for limits in [few, small, bare, thin] {
            let error = await failure {
                try await fixture.transfer(limits: limits).run(
                    source.key, inventory: source.inventory, from: source, now: StoreFixture.now)
            }
            #expect((error as? TransferError)?.code == .tooLarge)
        }
        let huge = Inventory(source.inventory.files + [try bad("snaps/a", .max), try bad("snaps/b", .max)])
        let error = await failure { try await fixture.bring(source, inventory: huge) }
        #expect((error as? TransferError)?.code == .tooLarge)
        #expect(source.calls.isEmpty)
    }

    private func refusal(
        _ fixture: TransferFixture, _ source: SampleSource, as key: String, now: MetadataTime = StoreFixture.now
    ) async throws -> [String] {
        let report = try await fixture.transfer().run(
            StoreFixture.key(key), inventory: source.inventory, from: source, now: now)
        #expect(!report.isAccepted)
        #expect(source.calls.isEmpty, "content was fetched for metadata that are refused")
        return report.findings.filter(\.isFatal).map(\.slug)
    }

    @Test("metadata of another channel, of another tag, or that have expired are refused before content is fetched")
    func metadata() async throws {
        let fixture = try TransferFixture()
        let source = try SampleSource("ci/main/42")
        #expect(try await refusal(fixture, source, as: "prod/main/42") == [TUFError.Code.thresholdNotMet.rawValue])
        #expect(try await refusal(fixture, source, as: "ci/devel/42").contains("bundle-targets-mismatch"))
        let late = MetadataTime(seconds: 2_100_000_000)
        #expect(try await refusal(fixture, source, as: "ci/main/42", now: late).count == 1)
        #expect(fixture.isEmpty)
    }

    @Test("a site that trusts no root yet takes nothing: there is no trust on first use")
    func noTrust() async throws {
        let fixture = try TransferFixture(trustsSample: false)
        #expect(try await refusal(fixture, SampleSource("ci/main/42"), as: "ci/main/42") == ["trust-missing"])
        #expect(try fixture.site.library.trust(of: .ci).roots().isEmpty)
    }

    @Test("an update is never replaced by one with older metadata")
    func rollback() async throws {
        let fixture = try TransferFixture()
        try fixture.site.importSample("ci/main/43", as: "ci/main/live")
        let slugs = try await refusal(fixture, SampleSource("ci/main/42"), as: "ci/main/live")
        #expect(slugs == [TUFError.Code.rollback.rawValue])
        #expect(try fixture.site.isWhole("ci/main/live", as: "ci/main/43"))
        #expect(try fixture.site.isAccepted("ci/main/live"))
    }

    @Test("an update whose inventory leaves out an object is fetched and then refused as incomplete", arguments: [".filez", ".dirtree"])
    func incomplete(kind: String) async throws {
        let fixture = try TransferFixture()
        let source = try SampleSource("ci/main/42")
        let left = try #require(source.inventory.files.first { $0.path.hasSuffix(kind) })
        let report = try await fixture.bring(source, inventory: Inventory(source.inventory.files.filter { $0 != left }))
        #expect(!report.isAccepted)
        #expect(report.findings.contains { $0.slug == "ostree-object-missing" })
        #expect(fixture.isEmpty)
    }

    @Test("an inventory that names a tool's leftovers is no inventory of an update")
    func leftovers() async throws {
        let fixture = try TransferFixture()
        let source = try SampleSource("ci/main/42") { path, bytes in path == "ostree_repo/tmp/x" ? [0] : bytes }
        let inventory = Inventory(source.inventory.files + [try bad("ostree_repo/tmp/x")])
        let error = await failure { try await fixture.bring(source, inventory: inventory) }
        #expect((error as? TransferError)?.code == .assemblyDiffers)
        #expect(fixture.isEmpty)
    }

    @Test("a source that fails for ever leaves the tree as it is")
    func failing() async throws {
        let fixture = try TransferFixture()
        try fixture.site.importSample("ci/main/42", as: "ci/main/live")
        let source = try SampleSource("ci/main/43", bytesPerCall: 0)
        for _ in 0..<3 {
            #expect(await failure { try await fixture.bring(source, as: "ci/main/live") } is SampleSource.Cut)
        }
        #expect(try fixture.site.isWhole("ci/main/live", as: "ci/main/42"))
        #expect(fixture.updates == ["ci", "prod", "main", "live"])
    }
}
