import DeviceAuth
import FileTree
import Foundation
import Testing
import UpdateTree

@testable import SiteSync

@Suite("a bundle that is not what it was") struct DamagedBundleTests {
    @Test(
        "a file whose digest is wrong is told before anything is taken",
        arguments: ["inventory", "files/tuf/targets.json", "files/ostree_repo/config"])
    func plainFile(name: String) throws {
        let world = try BundleWorld()
        try world.export()
        try world.damage("updates/ci/main/43/\(name)")
        #expect(world.refusal() == .damaged)
    }

    @Test("a changed list of checksums is told")
    func checksums() throws {
        let world = try BundleWorld()
        try world.export()
        try world.damage("checksums")
        #expect(world.refusal() == .damaged)
    }

    @Test("a flipped bit in any content keeps its update out, and leaves nothing in the tree")
    func flippedBit() async throws {
        let world = try BundleWorld()
        try world.export()
        for name in world.bundleFiles("content") {
            let original = try Data(contentsOf: URL(fileURLWithPath: "\(world.bundle)/\(name)"))
            try world.damage(name)
            let outcomes = try await world.take()
            #expect(outcomes.map(\.isHere) == [false], "\(name)")
            #expect(world.siteTree == ["ci", "prod"], "\(name)")
            try original.write(to: URL(fileURLWithPath: "\(world.bundle)/\(name)"))
        }
        #expect(try await world.take().map(\.isHere) == [true])
    }

    @Test("content that is missing, or has another length, is told before anything is taken")
    func missing() throws {
        let world = try BundleWorld()
        try world.export()
        let name = try #require(world.bundleFiles("content").first)
        let path = "\(world.bundle)/\(name)"
        try (Data(contentsOf: URL(fileURLWithPath: path)) + Data([0])).write(to: URL(fileURLWithPath: path))
        #expect(world.refusal() == .damaged)
        try FileManager.default.removeItem(atPath: path)
        #expect(world.refusal() == .contentMissing)
    }

    @Test("a file of the update that is missing is told")
    func missingPlain() throws {
        let world = try BundleWorld()
        try world.export()
        try FileManager.default.removeItem(atPath: "\(world.bundle)/updates/ci/main/43/files/tuf/snapshot.json")
        #expect(world.refusal() == .contentMissing)
    }

    @Test("a file that nobody put there is told, but for what a desktop hides in folders")
    func extra() throws {
        let world = try BundleWorld()
        try world.export()
        try "x".write(toFile: "\(world.bundle)/content/.DS_Store", atomically: true, encoding: .utf8)
        try "x".write(toFile: "\(world.bundle)/README.txt", atomically: true, encoding: .utf8)
        #expect(world.refusal() == nil)
        try "x".write(toFile: "\(world.bundle)/updates/ci/main/43/files/tuf/9.root.json", atomically: true, encoding: .utf8)
        #expect(world.refusal() == .fileUnexpected)
    }

    @Test(
        "a link in a bundle is refused, wherever it points",
        arguments: ["content/objects", "updates/ci/main/43/files/tuf/timestamp.json", "bundle.json"])
    func link(name: String) throws {
        let world = try BundleWorld()
        try world.export()
        try FileManager.default.moveItem(atPath: "\(world.bundle)/\(name)", toPath: "\(world.path)/elsewhere")
        try FileManager.default.createSymbolicLink(atPath: "\(world.bundle)/\(name)", withDestinationPath: "\(world.path)/elsewhere")
        #expect(world.refusal() == .fileNotPlain)
    }

    @Test("a tar that was cut off is refused wherever it was cut")
    func truncatedTar() throws {
        let world = try BundleWorld()
        try world.export(to: .tar(path: world.tar))
        #expect(world.refusal(world.tar) == nil)
        let whole = try Data(contentsOf: URL(fileURLWithPath: world.tar))
        for count in [0, 100, 512, 1000, whole.count / 2, whole.count - 4096, whole.count - 1024, whole.count - 512, whole.count - 1] {
            try whole.prefix(count).write(to: URL(fileURLWithPath: world.tar))
            #expect(world.refusal(world.tar) == .incomplete, "\(count) of \(whole.count)")
        }
        try (whole + Data([1])).write(to: URL(fileURLWithPath: world.tar))
        #expect(world.refusal(world.tar) == nil || world.refusal(world.tar) == .malformed)
    }

    @Test("what is no bundle at all is refused")
    func noBundle() throws {
        let world = try BundleWorld()
        try FileManager.default.createDirectory(atPath: world.bundle, withIntermediateDirectories: true)
        #expect(world.refusal() == .incomplete)
        try "{}".write(toFile: "\(world.bundle)/bundle.json", atomically: true, encoding: .utf8)
        #expect(world.refusal() == .malformed)
        #expect(world.refusal("\(world.path)/absent") == .malformed)
    }
}
