import FileTree
import Foundation
import TUF
import Testing
import UpdateTree

@testable import SiteSync

@Suite("the way of an update on a stick") struct BundleRoundTripTests {
    @Test("what comes out of a bundle is byte for byte what went in, from a directory as from a tar", arguments: [false, true])
    func identical(asTar: Bool) async throws {
        let world = try BundleWorld(updates: ["ci/main/42", "ci/main/43"])
        try world.export(["ci/main/42", "ci/main/43"], to: asTar ? .tar(path: world.tar) : nil)
        let outcomes = try await world.take(asTar ? world.tar : nil)
        #expect(outcomes.map(\.isHere) == [true, true])
        for update in ["ci/main/42", "ci/main/43"] {
            #expect(try world.files(of: update, in: world.site) == world.files(of: update, in: world.upstream))
        }
    }

    @Test("the snaps of an update go along")
    func snaps() async throws {
        let world = try BundleWorld(updates: [])
        let source = "\(world.path)/source"
        try FileManager.default.copyItem(atPath: "\(BundleWorld.samples)/updates/ci/main/43", toPath: source)
        try FileManager.default.copyItem(atPath: "\(BundleWorld.samples)/snaps", toPath: "\(source)/snaps")
        let report = try UpdateIngest(library: world.upstream, settings: BundleWorld.settings)
            .run(.directory(path: source), as: world.key("ci/main/43"), now: MetadataTime(seconds: BundleWorld.now))
        #expect(report.isAccepted)
        try world.export()
        #expect(try await world.take().map(\.isHere) == [true])
        #expect(try world.files(of: "ci/main/43", in: world.site) == world.files(of: "ci/main/43", in: world.upstream))
        let snaps = "\(world.path)/site/updates/ci/main/43/snaps"
        #expect(FileManager.default.contentsEqual(atPath: snaps, andPath: "\(BundleWorld.samples)/snaps"))
    }

    @Test("importing the same bundle again changes nothing")
    func twice() async throws {
        let world = try BundleWorld()
        try world.export()
        _ = try await world.take()
        let before = world.siteTree
        let again = try await world.take()
        #expect(world.siteTree == before)
        guard case .alreadyHere? = again.first?.result else {
            Issue.record("it was imported twice")
            return
        }
    }

    @Test("a bundle for a receiver that has something carries only what it lacks, and the update is the same")
    func have() async throws {
        let world = try BundleWorld(updates: ["ci/main/42", "ci/main/43"])
        try world.ingest("ci/main/42", into: world.site)
        let have = try BundleHave(parsing: BundleHave.of(world.site).encoded())
        let manifest = try world.export(["ci/main/42", "ci/main/43"], have: have)
        #expect(manifest.updates.map(\.name.text) == ["43"])
        let carried = Set(world.bundleFiles("content"))
        #expect(manifest.content.files == carried.count)
        #expect(manifest.leftOut.files > 0)
        for content in have.contents { #expect(!carried.contains("content/\(content.pathInStore)")) }
        #expect(try await world.take().map(\.isHere) == [true])
        #expect(try world.files(of: "ci/main/43", in: world.site) == world.files(of: "ci/main/43", in: world.upstream))
    }

    @Test("content that was left out and is gone at the receiver is named before anything is taken")
    func haveGone() throws {
        let world = try BundleWorld(updates: ["ci/main/42", "ci/main/43"])
        let have = try BundleHave.of(world.upstream)
        let manifest = try world.export(have: BundleHave(updates: [:], contents: have.contents))
        #expect(manifest.content.files == 0)
        #expect(world.refusal() == .contentMissing)
    }

    @Test("there is no bundle of nothing")
    func nothing() throws {
        let world = try BundleWorld()
        let have = try BundleHave.of(world.upstream)
        #expect(throws: BundleError.self) { try world.export(have: have) }
        #expect(throws: UpdateTreeError.self) { try world.export(["ci/main/99"]) }
        #expect(!FileManager.default.fileExists(atPath: world.bundle))
    }

    @Test("a bundle is never written over something else")
    func taken() throws {
        let world = try BundleWorld()
        try FileManager.default.createDirectory(atPath: world.bundle, withIntermediateDirectories: true)
        try "x".write(toFile: "\(world.bundle)/letter.txt", atomically: true, encoding: .utf8)
        #expect(throws: BundleError.self) { try world.export() }
        try world.export(to: .tar(path: world.tar))
        #expect(throws: BundleError.self) { try world.export(to: .tar(path: world.tar)) }
        #expect(world.bundleFiles() == ["letter.txt"])
    }

    @Test("a file of what the receiver has that was damaged is refused, whichever byte it was")
    func damagedHave() throws {
        let world = try BundleWorld()
        let whole = try BundleHave.of(world.upstream).encoded()
        #expect(try BundleHave(parsing: whole) == BundleHave.of(world.upstream))
        for index in stride(from: 0, to: whole.count, by: 7) {
            var bytes = whole
            bytes[index] ^= 0x41
            #expect(throws: BundleError.self) { try BundleHave(parsing: bytes) }
        }
        for count in [0, 10, 32, whole.count - 33, whole.count - 1] {
            #expect(throws: BundleError.self) { try BundleHave(parsing: Array(whole.prefix(count))) }
        }
    }

    @Test("GNU tar reads our tar, and we read GNU tar's", .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/tar")))
    func gnuTar() async throws {
        let world = try BundleWorld()
        try world.export()
        try world.export(to: .tar(path: world.tar))
        func tar(_ arguments: String...) throws {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/tar")
            process.arguments = arguments
            try process.run()
            process.waitUntilExit()
            #expect(process.terminationStatus == 0)
        }
        try FileManager.default.createDirectory(atPath: "\(world.path)/out", withIntermediateDirectories: true)
        try tar("-xf", world.tar, "-C", "\(world.path)/out")
        #expect(world.refusal("\(world.path)/out") == nil)
        for format in ["gnu", "pax"] {
            try tar("-cf", "\(world.path)/\(format).tar", "--format=\(format)", "-C", world.bundle, ".")
            #expect(world.refusal("\(world.path)/\(format).tar") == nil, "\(format)")
        }
    }

    @Test("sha256sum checks the bundle's checksums", .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/sha256sum")))
    func sha256sum() throws {
        let world = try BundleWorld()
        try world.export()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/sha256sum")
        process.arguments = ["--check", "--strict", "--quiet", "checksums"]
        process.currentDirectoryURL = URL(fileURLWithPath: world.bundle)
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }
}
