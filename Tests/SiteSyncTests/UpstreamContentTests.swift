import Foundation
import TUF
import Testing
import UpdateTree

@testable import SiteSync

@Suite("An upstream's copies mend what is damaged here")
struct UpstreamContentTests {
    /// A site that took everything over, and then a bit of one object flips on its disk.
    private static func damagedSite() async throws -> (world: SiteWorld, content: SharedContent) {
        let world = try SiteWorld()
        _ = try await world.with { client, _ in try await world.sync(client) }
        let path = try #require(world.updates["ci/main/42"]?.files.keys.first { $0.hasSuffix(".filez") })
        let content = try #require(SharedContent(path: path))
        let file = "\(world.folder)/site/store/\(content.pathInStore)"
        var bytes = try Data(contentsOf: URL(fileURLWithPath: file))
        bytes[bytes.count - 2] ^= 1
        // In place: the update's file is the same file.
        chmod(file, 0o644)
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: file))
        try handle.write(contentsOf: bytes)
        try handle.close()
        chmod(file, 0o444)
        return (world, content)
    }

    private static func verify(_ world: SiteWorld) throws -> StoreReport {
        try StoreVerification(library: world.library, workers: 1, progress: { _ in }).run()
    }

    private static func staged(_ world: SiteWorld) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "\(world.folder)/site/updates").filter { $0.hasPrefix(".") }
    }

    @Test("what it has is fetched, checked and put in the place of the damage; nothing of it stays behind")
    func mended() async throws {
        let (world, content) = try await Self.damagedSite()
        let report = try Self.verify(world)
        #expect(report.findings.map(\.kind) == [.damaged])
        let found = try await world.with { client, _ in
            try await UpstreamContent.fetch([content], from: client, library: world.library)
        }
        let mends = try StoreRepair(library: world.library, sources: [found]).repair(report, now: SiteWorld.now())
        found.discard()
        #expect(mends.map(\.outcome) == [.restored(from: found.name)])
        #expect(try Self.verify(world).findings.isEmpty)
        let key = try SiteWorld.key("ci/main/42")
        #expect(world.library.verdicts.verdict(on: key)?.isAccepted == true)
        let mended = try Data(contentsOf: URL(fileURLWithPath: "\(world.folder)/site/updates/ci/main/42/\(content.path)"))
        #expect(Array(mended) == world.updates["ci/main/42"]?.files[content.path])
        #expect(try Self.staged(world).isEmpty)
    }

    @Test("what it sends wrong is not used, and the update stays refused")
    func wrong() async throws {
        let (world, content) = try await Self.damagedSite()
        let report = try Self.verify(world)
        let found = try await world.with(spoil: { request in
            guard request.path.hasSuffix(content.path) else { return nil }
            var bytes = world.updates["ci/main/42"]?.files[content.path] ?? []
            bytes[bytes.count / 2] ^= 4
            return StubUpdate.whole(bytes)
        }) { client, _ in try await UpstreamContent.fetch([content], from: client, library: world.library) }
        defer { found.discard() }
        let mends = try StoreRepair(library: world.library, sources: [found]).repair(report, now: SiteWorld.now())
        #expect(mends.map(\.outcome) == [.setAside])
        #expect(mends.first?.tried.contains { $0.contains(found.name) } == true)
    }

    @Test("what it does not have is missing, and an upstream that is away leaves nothing behind")
    func missing() async throws {
        let (world, _) = try await Self.damagedSite()
        let stranger = try #require(SharedContent(path: "apps/blobs/sha256/\(String(repeating: "ab", count: 32))"))
        let found = try await world.with { client, _ in
            try await UpstreamContent.fetch([stranger], from: client, library: world.library)
        }
        #expect(try found.content(stranger) == nil)
        found.discard()
        await #expect(throws: SiteSyncError.self) {
            try await world.with(spoil: { _ in .init(status: .forbidden, announced: 0) }) { client, _ in
                try await UpstreamContent.fetch([stranger], from: client, library: world.library)
            }
        }
        #expect(try Self.staged(world).isEmpty)
    }
}
