import FileTree
import Foundation
import Snaps
import Testing

@testable import UpdateTree

@Suite("The pool of a channel and tag")
struct SnapPoolTests {
    private let scratch: Scratch
    private let pools: SnapPools
    private let key: SnapPoolKey

    init() throws {
        scratch = try Scratch()
        pools = SnapPools(library: scratch.library)
        key = SnapPoolKey(channel: .ci, tag: try Tag("main"))
    }

    private var folder: String { "\(scratch.path)/updates/ci/main/_snaps" }

    private func source(_ name: String, claims: SnapClaims = SnapClaims(), present: [String] = []) throws -> SnapSource {
        try source(at: "\(SnapUpdateTests.samples)/\(name)", claims: claims, present: present)
    }

    private func source(at path: String, claims: SnapClaims = SnapClaims(), present: [String] = []) throws -> SnapSource {
        let number = open("\(path).snap", O_RDONLY | O_CLOEXEC)
        return SnapSource(
            snap: Descriptor(owning: number), assertions: Array(try Data(contentsOf: URL(fileURLWithPath: "\(path).assert"))),
            claims: claims, present: Set(try present.map { try SnapName($0) }))
    }

    @discardableResult
    private func add(_ name: String, claims: SnapClaims = SnapClaims(), present: [String] = []) throws -> SnapPoolReport {
        try pools.add(try source(name, claims: claims, present: present), to: key, workers: 2, now: 1).report
    }

    private func refusal(_ body: () throws -> Void) -> UpdateTreeError.Code? {
        do {
            try body()
            return nil
        } catch {
            return (error as? UpdateTreeError)?.code
        }
    }

    @Test("an app whose base is not there is refused, and the pool stays as it was")
    func prerequisite() throws {
        #expect(refusal { try add("hello-offline_1") } == .snapNeeded)
        #expect(pools.index(of: key) == nil || pools.index(of: key)?.snaps.isEmpty == true)
        #expect(scratch.everything.allSatisfy { !$0.hasSuffix(".snap") && !$0.contains("staging") })
        try add("hello-offline_1", present: ["testbase", "snapd"])
        #expect(pools.index(of: key)?.present.map(\.text) == ["snapd", "testbase"])
    }

    @Test("a snap whose bytes are not what its assertion says is refused")
    func bytes() throws {
        try FileManager.default.copyItem(atPath: "\(SnapUpdateTests.samples)/snapd_1.snap", toPath: "\(scratch.path)/x.snap")
        try FileManager.default.copyItem(atPath: "\(SnapUpdateTests.samples)/testbase_1.assert", toPath: "\(scratch.path)/x.assert")
        #expect(refusal { _ = try pools.add(try source(at: "\(scratch.path)/x"), to: key, workers: 2, now: 1) } == .snapInvalid)
    }

    @Test("a flag that says otherwise than the snap itself is refused")
    func flags() throws {
        var claims = SnapClaims()
        claims.kind = .app
        #expect(refusal { try add("testbase_1", claims: claims) } == .snapInvalid)
    }

    @Test("a snap that cannot be looked into is taken by its flags, and without them the message names them")
    func lzo() throws {
        // The image's superblock says lzo; the digest is that of the changed bytes.
        var image = try Data(contentsOf: URL(fileURLWithPath: "\(SnapUpdateTests.samples)/testbase_1.snap"))
        image[20] = 3
        try image.write(to: URL(fileURLWithPath: "\(scratch.path)/x.snap"))
        let old = try String(contentsOfFile: "\(SnapUpdateTests.samples)/testbase_1.assert", encoding: .utf8)
        let assertion = try SnapRevisionAssertion(parsing: Array(old.utf8))
        try old.replacingOccurrences(of: assertion.digest.text, with: SnapDigest(of: image).text)
            .write(toFile: "\(scratch.path)/x.assert", atomically: true, encoding: .utf8)
        do {
            _ = try pools.add(try source(at: "\(scratch.path)/x"), to: key, workers: 2, now: 1)
            Issue.record("it was taken")
        } catch let error as UpdateTreeError {
            #expect(error.code == .snapUnreadable)
            #expect(error.message.contains("lzo") && error.message.contains("--type"))
        }
        var claims = SnapClaims()
        claims.kind = .base
        claims.architecture = "all"
        let (snap, report) = try pools.add(try source(at: "\(scratch.path)/x", claims: claims), to: key, workers: 2, now: 1)
        #expect(snap.name.text == "testbase")
        #expect(report.isAccepted)
        #expect(report.findings.map(\.slug) == ["snap-not-read"])
    }

    @Test("the same snap again changes nothing, other bytes under its name are refused")
    func again() throws {
        try add("testbase_1")
        let inode = try scratch.library.catalogue.root.openFile("\(key.path)/testbase_1.snap").status().inode
        #expect(try add("testbase_1").isAccepted)
        #expect(try scratch.library.catalogue.root.openFile("\(key.path)/testbase_1.snap").status().inode == inode)
        let index = try #require(pools.index(of: key)?.snaps.first)
        let other = SnapFile(
            name: index.name, revision: index.revision, architecture: "all", base: nil, kind: .base, isClassic: false,
            digest: SnapDigest(of: [1]), size: 1)
        try Data(try SnapIndex(snaps: [other], present: []).json).write(to: URL(fileURLWithPath: "\(folder)/index.json"))
        #expect(refusal { try add("testbase_1") } == .snapExists)
    }

    @Test("a damaged file takes the pool off the shelves, and adding the snap again mends it")
    func mended() throws {
        try add("testbase_1")
        try Data(count: 4096).write(to: URL(fileURLWithPath: "\(folder)/testbase_1.snap"))
        let report = try pools.verify(key, workers: 2, now: 2)
        #expect(report.findings.map(\.slug) == ["snap-differs"])
        #expect(pools.isAccepted(key) == false)
        #expect(try add("testbase_1").isAccepted)
        #expect(pools.isAccepted(key) == true)
    }

    @Test("a file that a killed command left, which no index names, gives way")
    func leftover() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for ending in ["snap", "assert"] { try Data(count: 7).write(to: URL(fileURLWithPath: "\(folder)/testbase_1.\(ending)")) }
        #expect(try !pools.verify(key, workers: 2, now: 1).isAccepted)
        let report = try add("testbase_1")
        #expect(report.isAccepted && report.findings.isEmpty)
    }

    @Test("what another snap needs is not removed; revisions go one by one or all")
    func removing() throws {
        for name in ["snapd_1", "testbase_1", "hello-offline_1", "hello-offline_2"] { try add(name) }
        func remove(_ name: String, _ revision: String? = nil) throws {
            _ = try pools.remove(
                try SnapName(name), revision: try revision.map { try SnapRevision($0) }, from: key, workers: 2, now: 1)
        }
        #expect(refusal { try remove("testbase") } == .snapNeeded)
        #expect(refusal { try remove("hello-offline", "3") } == .snapUnknown)
        try remove("hello-offline", "1")
        #expect(pools.index(of: key)?.snaps.map(\.fileName) == ["hello-offline_2", "snapd_1", "testbase_1"])
        #expect(!FileManager.default.fileExists(atPath: "\(folder)/hello-offline_1.snap"))
        try remove("hello-offline")
        try remove("testbase")
        #expect(pools.isAccepted(key) == true)
    }

    @Test("a pool is no update, wherever updates are listed, and its verdict outlives a collection")
    func noUpdate() throws {
        try add("testbase_1")
        #expect(try scratch.catalogue.keys().isEmpty)
        #expect(throws: UpdateTreeError.self) { try UpdateName("_snaps") }
        var survey = UpdateSurvey(library: scratch.library)
        #expect(try survey.look(thorough: true) == UpdateSurvey.Look())
        try scratch.library.collectLeftovers()
        #expect(pools.isAccepted(key) == true)
        #expect(pools.keys() == [key])
    }

    @Test("a pool that came by hand is checked when it has settled, and shown only then")
    func byHand() throws {
        try FileManager.default.createDirectory(atPath: "\(scratch.path)/updates/ci/main", withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: SnapUpdateTests.samples, toPath: folder)
        var survey = SnapSurvey(library: scratch.library)
        #expect(survey.look(updates: []).toCheck.isEmpty)
        let settled = survey.look(updates: [])
        #expect(settled.toCheck == [key])
        #expect(settled.shelves.pool(channel: .ci, tag: key.tag).snaps.isEmpty)
        #expect(try pools.verify(key, workers: 2, now: 1).isAccepted)
        let shelf = survey.look(updates: []).shelves.pool(channel: .ci, tag: key.tag)
        #expect(shelf.snaps.count == 5)
        let other = survey.look(updates: []).shelves
        #expect(other.pool(channel: .prod, tag: key.tag).snaps.isEmpty)
        #expect(other.pool(channel: .ci, tag: try Tag("devel")).snaps.isEmpty)

        // While something comes in, what was checked stays; what changed goes at once.
        try "x".write(toFile: "\(folder)/notes", atomically: false, encoding: .utf8)
        #expect(survey.look(updates: []).shelves.pool(channel: .ci, tag: key.tag).snaps.count == 5)
        try Data(count: 4096).write(to: URL(fileURLWithPath: "\(folder)/snapd_1.snap"))
        #expect(survey.look(updates: []).shelves.pool(channel: .ci, tag: key.tag).snaps.count == 4)
        #expect(try !pools.verify(key, workers: 2, now: 2).isAccepted)
        #expect(survey.look(updates: []).shelves.pool(channel: .ci, tag: key.tag).snaps.isEmpty)
    }
}
