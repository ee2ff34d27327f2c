import Crypto
import FileTree
import Foundation
import Testing

@testable import OCI

/// The directory `blobs/sha256` of an update with one app and one image in an index, all right at first.
final class TestApps {
    typealias Bytes = [UInt8]

    static let manifestType = "application/vnd.oci.image.manifest.v1+json"
    static let indexType = "application/vnd.oci.image.index.v1+json"

    let root: String
    var app = ""
    /// The digests, in hexadecimal, of what `init` made.
    private(set) var layer = ""
    private(set) var config = ""
    private(set) var image = ""
    private(set) var index = ""
    private(set) var bundle = ""

    init() throws {
        root = FileManager.default.temporaryDirectory.path + "/oci-\(UUID())"
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        layer = try put(Bytes("the content of a layer".utf8))
        config = try put(Bytes("{}".utf8))
        image = try put(manifest(config: config, layers: [layer]))
        index = try put(index(of: [image]))
        bundle = try put(try Self.bundle(compose: compose([index])))
        app = try put(manifest(config: config, layers: [bundle]))
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    func url(_ hex: String) -> URL { URL(filePath: root + "/" + hex) }

    @discardableResult
    func put(_ bytes: Bytes) throws -> String {
        let hex = SHA256.hash(data: bytes).map { String(format: "%02x", $0) }.joined()
        try Data(bytes).write(to: url(hex))
        return hex
    }

    func put(_ json: String) throws -> String { try put(Bytes(json.utf8)) }

    func bytes(_ hex: String) throws -> Bytes { Array(try Data(contentsOf: url(hex))) }

    func remove(_ hex: String) throws { try FileManager.default.removeItem(at: url(hex)) }

    /// Changes the bytes of a blob and leaves its name.
    func alter(_ hex: String, _ change: (inout Bytes) -> Void) throws {
        var bytes = try bytes(hex)
        change(&bytes)
        try Data(bytes).write(to: url(hex))
    }

    // MARK: Manifests

    func reference(_ hex: String, type: String = "application/octet-stream", size: Int? = nil) throws -> String {
        let size = try size ?? bytes(hex).count
        return #"{"mediaType":"\#(type)","digest":"sha256:\#(hex)","size":\#(size)}"#
    }

    func manifest(config: String, layers: [String], type: String = manifestType) throws -> String {
        let layers = try layers.map { try reference($0) }.joined(separator: ",")
        return try #"{"schemaVersion":2,"mediaType":"\#(type)","config":\#(reference(config)),"layers":[\#(layers)]}"#
    }

    func index(of images: [String], type: String = indexType, imageType: String = manifestType) throws -> String {
        let references = try images.map { try reference($0, type: imageType) }
        return index(references, type: type)
    }

    func index(_ references: [String], type: String = indexType) -> String {
        #"{"schemaVersion":2,"mediaType":"\#(type)","manifests":[\#(references.joined(separator: ","))]}"#
    }

    func compose(_ images: [String]) -> String {
        "version: \"3.2\"\nservices:\n"
            + images.enumerated().map { "  s\($0):\n    image: registry.example.com/factory/image@sha256:\($1)\n    restart: always\n" }
            .joined()
    }

    /// A compressed tar of a compose file, or of what `fill` makes.
    static func bundle(compose: String, fill: (String) throws -> Void = { _ in }) throws -> Bytes {
        let tree = FileManager.default.temporaryDirectory.path + "/bundle-\(UUID())"
        try FileManager.default.createDirectory(atPath: tree, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: tree) }
        if !compose.isEmpty { try Data(compose.utf8).write(to: URL(filePath: tree + "/docker-compose.yml")) }
        try fill(tree)
        try run(
            "sh", "-c", "tar --sort=name --mtime=@0 --owner=0 --group=0 -czf ../\(URL(filePath: tree).lastPathComponent).tgz .", in: tree)
        defer { try? FileManager.default.removeItem(atPath: tree + ".tgz") }
        return Array(try Data(contentsOf: URL(filePath: tree + ".tgz")))
    }

    /// Makes the app anew with other images in its compose file.
    func publish(images: [String]) throws { try publish(compose: compose(images)) }

    func publish(compose: String) throws {
        try remove(app)
        try remove(bundle)
        bundle = try put(try Self.bundle(compose: compose))
        app = try put(manifest(config: config, layers: [bundle]))
    }

    /// Makes the app anew with another image.
    func publish(image json: String) throws { try publish(images: [try put(json)]) }

    /// Makes the app anew with another manifest.
    func publish(manifest json: String) throws {
        try remove(app)
        app = try put(json)
    }

    func check(isKnown: @escaping @Sendable (BlobDigest) -> Bool = { _ in false }) throws -> AppReport {
        AppCheck(blobs: try Directory(path: root), workers: 2, isKnown: isKnown).run(apps: [("app", try #require(BlobDigest(hex: app)))])
    }
}
