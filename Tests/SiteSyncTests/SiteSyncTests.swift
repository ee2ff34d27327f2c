import FileTree
import Foundation
import Synchronization
import Testing
import UpdateTree

@testable import SiteSync

@Suite struct SiteSyncTests {
    private static let all = ["ci/main/42", "ci/main/43", "prod/prod/40"]

    @Test("what the upstream lists comes over, and the next sync fetches nothing but the list")
    func everything() async throws {
        let world = try SiteWorld(Self.all)
        try await world.with { client, stub in
            let report = try await world.sync(client)
            #expect(report.count(.fetched) == 3 && report.bytesShared > 0)
            #expect(try world.library.catalogue.keys().map(\.path) == Self.all)
            let asked = stub.requests.count
            let again = try await world.sync(client)
            #expect(again.count(.unchanged) == 3 && again.bytesFetched == 0)
            #expect(stub.requests.count == asked + 1)
        }
        let status = try #require(try SiteFolder.open(in: world.library.data).status())
        #expect(status.endedAt != nil && status.error == nil && status.known.count == 3)
        #expect(try world.library.data.directory("transfers").names() == ["lock"])
    }

    @Test("a selection takes its tags alone and tells those of which nothing is listed")
    func selection() async throws {
        let world = try SiteWorld(Self.all)
        let report = try await world.with { client, _ in try await world.sync(client, ["prod/*", "ci/devel"]) }
        #expect(report.updates.map(\.update) == ["prod/prod/40"])
        #expect(report.unmatched == ["ci/devel"])
    }

    @Test("an update that is refused holds no other back")
    func refusedAlone() async throws {
        let world = try SiteWorld(Self.all)
        let path = "/site/v1/updates/ci/main/42/content/apps/blobs/sha256/"
        let report = try await world.with(spoil: { request in
            request.path.hasPrefix(path) ? .init(status: .notFound, announced: 0) : nil
        }) { client, _ in try await world.sync(client) }
        #expect(report.updates.map(\.update) == Self.all)
        #expect(report.updates.map(\.outcome) == [.failed, .fetched, .fetched])
    }

    @Test("an upstream that is away fails the sync, and its status says why")
    func away() async throws {
        let world = try SiteWorld()
        let client = try await world.with { client, _ in client.address }
        let gone = try SiteClient(client, credentials: world.credentials, settings: SiteWorld.settings)
        await #expect(throws: SiteSyncError.self) { try await world.sync(gone) }
        await gone.close()
        #expect(try SiteFolder.open(in: world.library.data).status()?.error?.hasPrefix("upstream-cut-off") == true)
    }

    @Test("one sync at a time works on a data directory")
    func busy() async throws {
        let world = try SiteWorld()
        let lock = try SiteFolder.open(in: world.library.data).lock()
        let error = await #expect(throws: SiteSyncError.self) { try await world.with { client, _ in try await world.sync(client) } }
        #expect(error?.code == .busy)
        withExtendedLifetime(lock) {}
    }

    // MARK: Removing

    /// Syncs 42 and 43, then with an upstream that lists only `listed`.
    private func prune(
        listing: @escaping @Sendable (SiteWorld) -> UpstreamStub.Reply, isAssigned: Bool = false
    ) async throws -> (keys: [String], outcomes: [SyncReport.Outcome]) {
        let world = try SiteWorld(Self.all)
        let isLater = Switch()
        return try await world.with(spoil: { request in
            request.path == "/site/v1/updates" && isLater.isOn ? listing(world) : nil
        }) { client, _ in
            _ = try await world.sync(client)
            isLater.turnOn()
            let report = try? await world.sync(client) { key in
                if !isAssigned { try world.library.delete(key) }
                return !isAssigned
            }
            return (try world.library.catalogue.keys().map(\.path), report?.updates.map(\.outcome) ?? [])
        }
    }

    private static func list(_ world: SiteWorld, without: String) -> UpstreamStub.Reply {
        StubUpdate.whole(Array(StubUpdate.listing(world.updates.filter { $0.key != without }.map(\.value)).utf8))
    }

    @Test("an update that the upstream lists no more is removed when that was asked for")
    func removes() async throws {
        let (keys, outcomes) = try await prune { Self.list($0, without: "ci/main/42") }
        #expect(keys == ["ci/main/43", "prod/prod/40"])
        #expect(outcomes.contains(.removed))
    }

    @Test("an update that devices are assigned to stays")
    func keepsAssigned() async throws {
        let (keys, outcomes) = try await prune(listing: { Self.list($0, without: "ci/main/42") }, isAssigned: true)
        #expect(keys == Self.all && outcomes.contains(.kept))
    }

    @Test("the last update of a tag stays, and nothing is removed after an empty or a failed list")
    func keepsOnDoubt() async throws {
        let lists: [@Sendable (SiteWorld) -> UpstreamStub.Reply] = [
            { Self.list($0, without: "prod/prod/40") }, { _ in StubUpdate.whole(Array(#"{"updates":[]}"#.utf8)) },
            { _ in .init(status: .serviceUnavailable, announced: 0) }, { _ in .init(announced: 1_000, ending: .cut) },
        ]
        for list in lists { #expect(try await prune(listing: list).keys == Self.all) }
    }

    @Test("an update that did not come from the upstream is never removed")
    func keepsOwn() async throws {
        let world = try SiteWorld(["ci/main/43"])
        _ = try UpdateIngest(library: world.library, settings: VerificationSettings(workers: 1)).run(
            .directory(path: "\(SiteWorld.samples)/updates/ci/main/42"), as: SiteWorld.key("ci/main/42"), now: SiteWorld.now())
        let report = try await world.with { client, _ in
            try await world.sync(client) { _ in
                Issue.record("asked to remove an update of the site's own")
                return true
            }
        }
        #expect(report.updates.map(\.outcome) == [.fetched])
        #expect(try world.library.catalogue.keys().count == 2)
    }
}

private final class Switch: Sendable {
    private let state = Atomic(false)
    var isOn: Bool { state.load(ordering: .relaxed) }
    func turnOn() { state.store(true, ordering: .relaxed) }
}
