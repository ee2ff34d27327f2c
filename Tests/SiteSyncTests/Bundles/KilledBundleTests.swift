import FileTree
import Foundation
import Synchronization
import Testing
import UpdateTree

@testable import SiteSync

@Suite("a bundle and a kill") struct KilledBundleTests {
    /// All steps of an export, in order.
    private func steps(_ world: BundleWorld) throws -> [BundleStep] {
        let steps = Mutex<[BundleStep]>([])
        try world.export(to: .tar(path: "\(world.path)/count.tar")) { step in steps.withLock { $0.append(step) } }
        return steps.withLock { $0 }
    }

    @Test(
        "an export that is killed at any step leaves nothing that looks like a bundle, and the next one makes one",
        arguments: [false, true])
    func export(asTar: Bool) throws {
        let world = try BundleWorld()
        let target: BundleTarget = asTar ? .tar(path: world.tar) : .directory(path: world.bundle)
        for step in try steps(world) where step != .finished {
            #expect(throws: Killed.self) { try world.export(to: target) { if $0 == step { throw Killed() } } }
            #expect(world.refusal(asTar ? world.tar : nil) != nil, "\(step)")
        }
        try world.export(to: target)
        #expect(world.refusal(asTar ? world.tar : nil) == nil)
    }

    @Test("an import that is killed before any file leaves the tree as it was, and the next one goes on")
    func importing() async throws {
        let world = try BundleWorld()
        try world.export()
        let count = try world.inventory(of: "ci/main/43").files.count
        var fetched = 0
        for step in 0..<count {
            let seen = Atomic(0)
            let outcomes = try await world.take { _ in
                if seen.add(1, ordering: .relaxed).newValue > step { throw Killed() }
            }
            fetched = max(fetched, seen.load(ordering: .relaxed))
            if outcomes.first?.isHere == true { break }
            #expect(world.siteTree == ["ci", "prod"])
        }
        #expect(try await world.take().map(\.isHere) == [true])
        #expect(try world.files(of: "ci/main/43", in: world.site) == world.files(of: "ci/main/43", in: world.upstream))
    }

    @Test("one update that fails keeps no other back")
    func others() async throws {
        let world = try BundleWorld(updates: ["ci/main/42", "ci/main/43"])
        try world.export(["ci/main/42", "ci/main/43"])
        let has = Set(try world.inventory(of: "ci/main/43").files.map(\.path))
        let own = try #require(
            world.bundleFiles("content").first { name in
                !has.contains { $0.hasSuffix(name.dropFirst("content/".count)) }
            })
        try world.damage(own)
        #expect(try await world.take().map(\.isHere) == [false, true])
    }
}
