import DeviceAuth
import FileTree
import UpdateTree

import struct Crypto.SHA256

/// Makes a bundle of updates, for a stick.
///
/// ```swift
/// let manifest = try BundleExport(library: library, signer: signer)
///     .run(BundleOrder(updates: [key], have: have), to: .directory(path: "/media/stick/bundle"), now: now)
/// ```
///
/// What says that it is a bundle comes last, so one that was cut off is known as such. Files are checked against the
/// inventory while they are copied: an update whose metadata were signed anew meanwhile makes no bundle that nobody takes.
public struct BundleExport: Sendable {
    private let library: UpdateLibrary
    private let signer: DocumentSigner
    private let progress: @Sendable (VerificationProgress) -> Void
    private let checkpoint: @Sendable (BundleStep) throws -> Void

    public init(
        library: UpdateLibrary, signer: DocumentSigner, progress: @escaping @Sendable (VerificationProgress) -> Void = { _ in }
    ) {
        self.init(library: library, signer: signer, progress: progress, checkpoint: { _ in })
    }

    init(
        library: UpdateLibrary, signer: DocumentSigner, progress: @escaping @Sendable (VerificationProgress) -> Void = { _ in },
        checkpoint: @escaping @Sendable (BundleStep) throws -> Void
    ) {
        self.library = library
        self.signer = signer
        self.progress = progress
        self.checkpoint = checkpoint
    }

    /// - Parameter now: seconds since 1970.
    @discardableResult
    public func run(_ order: BundleOrder, to target: BundleTarget, now: Int64) throws -> BundleManifest {
        let cargo = try BundleCargo(order, library: library)
        let writer = try target.writer()
        try checkpoint(.begun)
        try writeContents(cargo, to: writer)
        var checksums = BundleChecksums()
        for item in cargo.items { try write(item, to: writer, &checksums) }
        if !cargo.leftOut.isEmpty {
            let list = Array(cargo.leftOut.map { "\($0.pathInStore)\n" }.joined().utf8)
            checksums.add(BundleLayout.leftOut, Digest(of: list))
            try add(BundleLayout.leftOut, list, to: writer)
        }
        try add(BundleLayout.checksums, checksums.text, to: writer)
        try add(BundleLayout.certificate, signer.certificatePEM, to: writer)
        try writer.settle()
        try checkpoint(.contentsComplete)
        let manifest = cargo.manifest(order, madeAt: now, by: signer, checksums: Digest(of: checksums.text))
        let document = try manifest.document()
        try writer.add(BundleLayout.manifest, document)
        try checkpoint(.manifestWritten)
        try writer.add(BundleLayout.signature, try signer.sign(document))
        try checkpoint(.signatureWritten)
        try writer.finish()
        try checkpoint(.finished)
        return manifest
    }

    private func writeContents(_ cargo: BundleCargo, to writer: any BundleWriter) throws {
        let total = cargo.content.bytes
        var done: Int64 = 0
        for item in cargo.contents {
            let path = BundleLayout.content(item.content)
            try copy(item.content.path, of: item.holder, size: item.size, to: path, writer)
            done += item.size
            progress(VerificationProgress(step: .copying, done: done, total: total, unit: .bytes))
            try checkpoint(.written(path))
        }
    }

    private func write(_ item: BundleCargo.Item, to writer: any BundleWriter, _ checksums: inout BundleChecksums) throws {
        for file in item.inventory.files {
            guard case .plain(let digest) = file.content else { continue }
            let path = BundleLayout.file(file.path, of: item.key)
            let found = try copy(file.path, of: item.key, size: file.size, to: path, writer)
            guard found == digest else { throw Self.changed(item.key) }
            checksums.add(path, digest)
            try checkpoint(.written(path))
        }
        let path = BundleLayout.inventory(of: item.key)
        checksums.add(path, Digest(of: item.text))
        try add(path, item.text, to: writer)
    }

    private func add(_ path: String, _ bytes: [UInt8], to writer: any BundleWriter) throws {
        try writer.add(path, bytes)
        try checkpoint(.written(path))
    }

    /// Copies a file of an update and returns the digest of what was copied.
    @discardableResult
    private func copy(_ path: String, of key: UpdateKey, size: Int64, to place: String, _ writer: any BundleWriter) throws -> Digest {
        let file: Descriptor
        do { file = try library.catalogue.root.openFile("\(key.path)/\(path)") } catch {
            guard error.code == .notFound else { throw error }
            throw Self.changed(key)
        }
        guard try file.status().size == size else { throw Self.changed(key) }
        var hash = SHA256()
        var offset: Int64 = 0
        try writer.add(place, size: size) {
            let bytes = try file.read(count: Int(min(Self.piece, size - offset)), at: offset)
            hash.update(data: bytes)
            offset += Int64(bytes.count)
            return bytes
        }
        guard offset == size else { throw Self.changed(key) }
        return Digest(hash.finalize())
    }

    private static let piece: Int64 = 1 << 20

    private static func changed(_ key: UpdateKey) -> UpdateTreeError {
        UpdateTreeError(.updateChanged, "the update \(key) was changed while it was exported; export again")
    }
}
