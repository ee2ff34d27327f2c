import FileTree
import Foundation
import Testing

@testable import OCI

/// One defect in an app that was right before.
struct Defect: Sendable, CustomTestStringConvertible {
    let title: String
    let codes: [OCIError.Code]
    let make: @Sendable (TestApps) throws -> Void

    init(_ title: String, _ codes: OCIError.Code..., make: @escaping @Sendable (TestApps) throws -> Void) {
        self.title = title
        self.codes = codes
        self.make = make
    }

    var testDescription: String { title }

    static let all: [Defect] = blobs + manifests + bundles
}

extension Defect {
    private static let zeros = String(repeating: "0", count: 64)

    fileprivate static let blobs = [
        Defect("a bit of a layer is another", .digestMismatch) { try $0.alter($0.layer) { $0[3] ^= 1 } },
        Defect("a layer is cut off", .digestMismatch, .sizeMismatch) { try $0.alter($0.layer) { $0.removeLast() } },
        Defect("a layer is absent", .blobMissing) { try $0.remove($0.layer) },
        Defect("the config is absent", .blobMissing) { try $0.remove($0.config) },
        Defect("the bundle is absent", .blobMissing) { try $0.remove($0.bundle) },
        Defect("the app is absent", .blobMissing) { try $0.remove($0.app) },
        Defect("one of two images is absent", .blobMissing) { try $0.publish(images: [$0.index, zeros]) },
        Defect("no image is there", .imagesAbsent) { try $0.publish(images: [zeros]) },
        Defect("a bit of the index is another", .digestMismatch) { try $0.alter($0.index) { $0[$0.count - 3] ^= 1 } },
        Defect("a bit of the app is another", .digestMismatch) { try $0.alter($0.app) { $0[5] ^= 1 } },
        Defect("a layer is a symlink", .blobNotPlain) {
            try FileManager.default.moveItem(at: $0.url($0.layer), to: URL(filePath: $0.root + ".kept"))
            try FileManager.default.createSymbolicLink(atPath: $0.url($0.layer).path, withDestinationPath: $0.root + ".kept")
        },
        Defect("a layer is a FIFO", .blobNotPlain) {
            try $0.remove($0.layer)
            try run("mkfifo", $0.url($0.layer).path)
        },
        Defect("the app is a directory", .blobNotPlain) {
            try $0.remove($0.app)
            try FileManager.default.createDirectory(at: $0.url($0.app), withIntermediateDirectories: false)
        },
        Defect("something is not named like a blob", .blobNameInvalid) { try Data().write(to: $0.url("README")) },
        Defect("a blob's name has capital letters", .blobNameInvalid) { try Data().write(to: $0.url(String(repeating: "A", count: 64))) },
        Defect("a blob that nobody needs is another", .digestMismatch) { try Data([1]).write(to: $0.url(zeros)) },
    ]

    fileprivate static let manifests = [
        Defect("a layer has another size than its manifest says", .sizeMismatch) {
            try $0.publish(
                image: #"{"schemaVersion":2,"config":\#($0.reference($0.config)),"layers":[\#($0.reference($0.layer, size: 7))]}"#)
        },
        Defect("an image is no JSON", .manifestInvalid) { try $0.publish(image: "{") },
        Defect("an image has a member twice", .manifestInvalid) { try $0.publish(image: #"{"schemaVersion":2,"schemaVersion":2}"#) },
        Defect("an image is of the first schema", .manifestInvalid) { try $0.publish(image: #"{"schemaVersion":1,"name":"x"}"#) },
        Defect("an image has no config", .manifestInvalid) { try $0.publish(image: #"{"schemaVersion":2,"layers":[]}"#) },
        Defect("an image has no layers", .manifestInvalid) {
            try $0.publish(image: #"{"schemaVersion":2,"config":\#($0.reference($0.config))}"#)
        },
        Defect("an image is an index too", .manifestInvalid) {
            let reference = try $0.reference($0.layer)
            try $0.publish(image: #"{"schemaVersion":2,"config":\#(reference),"layers":[\#(reference)],"manifests":[\#(reference)]}"#)
        },
        Defect("an image has a digest of another kind", .manifestInvalid) {
            try $0.publish(
                image: #"{"schemaVersion":2,"layers":[],"config":{"mediaType":"x","size":1,"digest":"sha512:\#(zeros)\#(zeros)"}}"#)
        },
        Defect("a digest is a path", .manifestInvalid) {
            try $0.publish(
                image: #"{"schemaVersion":2,"layers":[],"config":{"mediaType":"x","size":1,"digest":"sha256:../../etc/passwd"}}"#)
        },
        Defect("a size is negative", .manifestInvalid) {
            try $0.publish(image: #"{"schemaVersion":2,"layers":[],"config":\#($0.reference($0.config, size: -1))}"#)
        },
        Defect("an image is of a type that nobody knows", .mediaTypeUnsupported) {
            try $0.publish(image: $0.manifest(config: $0.config, layers: [$0.layer], type: "application/x"))
        },
        Defect("an index promises another type", .manifestInvalid) {
            let type = "application/vnd.docker.distribution.manifest.v2+json"
            try $0.publish(image: $0.index(of: [$0.image], imageType: type))
        },
        Defect("an index is empty", .allPlatformsAbsent) { try $0.publish(image: $0.index([])) },
        Defect("an index has none of its images", .allPlatformsAbsent) {
            try $0.publish(image: $0.index([$0.reference(zeros, type: TestApps.manifestType, size: 7)]))
        },
        Defect("an index has one of its images", .platformAbsent) {
            try $0.publish(
                image: $0.index([
                    $0.reference(zeros, type: TestApps.manifestType, size: 7), $0.reference($0.image, type: TestApps.manifestType),
                ]))
        },
        Defect("indexes lie five deep", .nestedTooDeep) { apps in
            var inner = apps.index
            for _ in 0..<4 { inner = try apps.put(try apps.index(of: [inner], imageType: TestApps.indexType)) }
            try apps.publish(images: [inner])
        },
        Defect("an image's manifest has more than 4 MiB", .manifestTooLarge) {
            try $0.publish(image: String(repeating: " ", count: ImageManifest.largest) + "{}")
        },
        Defect("the app has more than 50 KiB", .manifestTooLarge) {
            try $0.publish(manifest: String(repeating: " ", count: AppManifest.largest) + "{}")
        },
        Defect("the app has no layer", .manifestInvalid) {
            try $0.publish(manifest: $0.manifest(config: $0.config, layers: []))
        },
        Defect("the app is an index", .mediaTypeUnsupported) { try $0.publish(manifest: $0.index(of: [$0.image])) },
    ]

    fileprivate static let bundles = [
        Defect("the bundle is no archive", .bundleInvalid) {
            try $0.publish(manifest: $0.manifest(config: $0.config, layers: [$0.layer]))
        },
        Defect("the bundle is cut off", .bundleInvalid) {
            let cut = try $0.put(Array(try $0.bytes($0.bundle).prefix(60)))
            try $0.publish(manifest: $0.manifest(config: $0.config, layers: [cut]))
        },
        Defect("the bundle holds no compose file", .composeMissing) { try $0.publish(compose: "") },
        Defect("the bundle begins with a link", .bundleUnread) { apps in
            let bytes = try TestApps.bundle(compose: apps.compose([apps.index])) {
                try FileManager.default.createSymbolicLink(atPath: $0 + "/a", withDestinationPath: "docker-compose.yml")
            }
            try apps.publish(manifest: apps.manifest(config: apps.config, layers: [try apps.put(bytes)]))
        },
        Defect("the compose file is larger than any", .bundleInvalid) {
            try $0.publish(compose: String(repeating: "# nothing\n", count: 200_000))
        },
        Defect("an image is named by a tag", .imageUnpinned) {
            try $0.publish(compose: $0.compose([$0.index]) + "  other:\n    image: nginx:latest\n")
        },
    ]
}

@Suite struct AppCheckTests {
    @Test("an app with all that it needs is complete")
    func sound() throws {
        let apps = try TestApps()
        let report = try apps.check()
        #expect(report.findings == [])
        #expect(report.isComplete)
        #expect(report.blobs == 6 && report.reached == 6 && report.unreferenced == 0)
        #expect(report.apps.map(\.images) == [[try #require(BlobDigest(hex: apps.index))]])
    }

    @Test("one defect is found, and nothing else is blamed", arguments: Defect.all)
    func defect(_ defect: Defect) throws {
        let apps = try TestApps()
        try defect.make(apps)
        let report = try apps.check()
        #expect(Set(report.findings.map(\.code)) == Set(defect.codes), "\(report.findings)")
        #expect(report.isComplete == defect.codes.allSatisfy(\.isWarning))
        for finding in report.findings { #expect(finding.message.hasPrefix(finding.path)) }
    }

    @Test("the apps of the sample are complete")
    func sample() throws {
        let top = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let updates = top.appending(path: "data-sample/updates")
        guard let paths = FileManager.default.enumerator(atPath: updates.path)?.compactMap({ $0 as? String }) else { return }
        let uris = paths.filter { $0.hasSuffix("/uri") }
        #expect(uris.count > 0)
        for uri in uris {
            // …/apps/apps/<app>/<digest>/uri
            let parts = uri.split(separator: "/").map(String.init)
            let digest = try #require(BlobDigest(hex: parts[parts.count - 2]))
            let blobs = updates.path + "/" + parts.dropLast(4).joined(separator: "/") + "/blobs/sha256"
            let report = AppCheck(blobs: try Directory(path: blobs), workers: 2).run(apps: [(parts[parts.count - 3], digest)])
            #expect(report.findings == [])
            #expect(report.isComplete && report.unreferenced == 0 && report.apps.first?.images.count == 1)
        }
    }

    @Test("Docker's manifests are as good as OCI's, a type may be absent, and indexes may lie four deep")
    func docker() throws {
        let apps = try TestApps()
        let type = "application/vnd.docker.distribution.manifest.v2+json"
        let image = try apps.put(try apps.manifest(config: apps.config, layers: [apps.layer], type: type))
        let list = try apps.put(
            try apps.index(of: [image], type: "application/vnd.docker.distribution.manifest.list.v2+json", imageType: type))
        let untyped = try apps.put(
            #"{"schemaVersion":2,"config":\#(apps.reference(apps.config)),"layers":[\#(apps.reference(apps.layer))]}"#)
        var nested = apps.index
        for _ in 0..<3 { nested = try apps.put(try apps.index(of: [nested], imageType: TestApps.indexType)) }
        try apps.publish(images: [apps.index, list, untyped, image, nested])
        #expect(try apps.check().findings == [])
    }

    @Test("lists of layers of an app may be there or not")
    func layerLists() throws {
        let apps = try TestApps()
        let list = try apps.put(#"{"layers":[]}"#)
        let references = [try apps.reference(list), try apps.reference(String(repeating: "0", count: 64), size: 9)].joined(separator: ",")
        let manifest = try apps.manifest(config: apps.config, layers: [apps.bundle])
        try apps.publish(manifest: String(manifest.dropLast()) + #","manifests":[\#(references)]}"#)
        let report = try apps.check()
        #expect(report.findings == [])
        #expect(report.unreferenced == 0)
    }

    @Test("blobs that nobody needs are counted")
    func unreferenced() throws {
        let apps = try TestApps()
        try apps.put(Array("left over".utf8))
        let report = try apps.check()
        #expect(report.isComplete && report.unreferenced == 1)
    }

    @Test("what is known is not read again, except manifests to walk on")
    func known() throws {
        let apps = try TestApps()
        try apps.alter(apps.layer) { $0[0] ^= 1 }
        let report = try apps.check { _ in true }
        #expect(report.isComplete)
        #expect(report.known == 6 && report.bytesRead == 0)
        try apps.remove(apps.layer)
        #expect(try apps.check { _ in true }.findings.map(\.code) == [.blobMissing])
    }

    @Test("a check that was stopped says that it was")
    func cancelled() throws {
        let apps = try TestApps()
        let report = AppCheck(blobs: try Directory(path: apps.root), workers: 2, isCancelled: { true })
            .run(apps: [("app", try #require(BlobDigest(hex: apps.app)))])
        #expect(report.wasCancelled && !report.isComplete && report.findings == [])
    }

    @Test("no change of a byte of a manifest is more than refused")
    func mutations() throws {
        let apps = try TestApps()
        for hex in [apps.app, apps.image, apps.index] {
            let bytes = try apps.bytes(hex)
            for index in bytes.indices {
                for value in [bytes[index] ^ 1, bytes[index] ^ 0x20, 0, 0xFF, UInt8(ascii: "\"")] {
                    var changed = bytes
                    changed[index] = value
                    // A crash fails the run; that the digest is another is found before any of this.
                    do throws(OCIError) { _ = try ImageManifest(changed, expected: nil) } catch { #expect(!error.message.isEmpty) }
                    do throws(OCIError) { _ = try AppManifest(changed) } catch { #expect(!error.message.isEmpty) }
                }
            }
        }
    }
}
