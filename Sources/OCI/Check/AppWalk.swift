import Crypto
import FileTree

/// Walks from the apps over their manifests, each once, and marks the blobs that they need.
struct AppWalk {
    /// An index in an index in an index is nobody's image.
    static let deepest = 4

    let blobs: Directory
    let inventory: BlobInventory
    let findings: FindingCollector
    let isKnown: @Sendable (BlobDigest) -> Bool
    let isCancelled: @Sendable () -> Bool

    private(set) var apps: [AppReport.App] = []
    /// Those that are needed and there.
    private(set) var reached = Set<BlobDigest>()
    /// Those that need no further look.
    private(set) var done = Set<BlobDigest>()
    private(set) var known = 0
    private(set) var bytesRead: Int64 = 0
    private var told = Set<BlobDigest>()
    private var walked = Set<Step>()

    /// A manifest, and the type that was promised: another promise is to be compared again.
    private struct Step: Hashable {
        let digest: BlobDigest
        let expected: String?
    }

    init(
        blobs: Directory, _ inventory: BlobInventory, _ findings: FindingCollector,
        isKnown: @escaping @Sendable (BlobDigest) -> Bool, isCancelled: @escaping @Sendable () -> Bool
    ) {
        self.blobs = blobs
        self.inventory = inventory
        self.findings = findings
        self.isKnown = isKnown
        self.isCancelled = isCancelled
    }

    /// Walks all that `apps` need.
    mutating func walk(_ apps: [(name: String, digest: BlobDigest)]) {
        for app in apps where !isCancelled() { enter(app.name, app.digest) }
        let images = self.apps.flatMap { app in app.images.map { (digest: $0, app: app.name) } }
        guard images.contains(where: { inventory.contains($0.digest) }) else {
            // An update may bring the apps alone, and devices fetch the images where they always did.
            if let first = images.first {
                findings.add(
                    first.digest.path, OCIError(.imagesAbsent, "neither this nor any other of the \(images.count) images is there"))
            }
            return
        }
        for image in images where !isCancelled() { walk(image: image.digest, of: image.app) }
    }

    private mutating func enter(_ name: String, _ digest: BlobDigest) {
        guard need(digest, by: "it is the app \(name.quoted)") else { return }
        var app = AppReport.App(name: name, digest: digest)
        let manifest: AppManifest
        do throws(OCIError) {
            manifest = try AppManifest(try read(digest, limit: AppManifest.largest))
        } catch {
            findings.add(digest.path, error)
            return
        }
        need(manifest.config, "the config of the app \(name.quoted)")
        for layer in manifest.layers { need(layer, "a layer of the app \(name.quoted)") }
        for list in manifest.layerLists where inventory.contains(list.digest) { need(list, "a list of layers of the app \(name.quoted)") }
        if inventory.sizes[manifest.bundle.digest] != nil {
            do throws(OCIError) {
                app.images = try images(of: name, manifest.bundle.digest)
            } catch {
                findings.add(manifest.bundle.digest.path, error)
            }
        }
        apps.append(app)
    }

    private func images(of name: String, _ bundle: BlobDigest) throws(OCIError) -> [BlobDigest] {
        let file: Descriptor
        do throws(FileTreeError) { file = try blobs.openFile(bundle.hex) } catch { throw OCIError(opening: error) }
        let compose = try AppBundle.composeFile(file)
        for image in compose.unpinned {
            findings.add(bundle.path, OCIError(.imageUnpinned, "the app \(name.quoted) names the image \(image.quoted) without a digest"))
        }
        return compose.images
    }

    // MARK: Images

    private mutating func walk(image: BlobDigest, of app: String) {
        guard need(image, by: "the compose file of the app \(app.quoted) names it") else { return }
        var queue = [(step: Step(digest: image, expected: nil), depth: 1)]
        while let (next, depth) = queue.popLast(), !isCancelled() {
            guard walked.insert(next).inserted else { continue }
            do throws(OCIError) {
                switch try ImageManifest(try read(next.digest, limit: ImageManifest.largest), expected: next.expected) {
                case .image(let config, let layers):
                    need(config, "the config of the image \(next.digest)")
                    for layer in layers { need(layer, "a layer of the image \(next.digest)") }
                case .index(let manifests):
                    guard depth <= Self.deepest else {
                        throw OCIError(.nestedTooDeep, "indexes lie in one another more than \(Self.deepest) deep")
                    }
                    for manifest in present(manifests, in: next.digest) {
                        queue.append((Step(digest: manifest.digest, expected: manifest.mediaType), depth + 1))
                    }
                }
            } catch {
                if told.insert(next.digest).inserted { findings.add(next.digest.path, error) }
            }
        }
    }

    /// Those manifests of an index that were copied. `skopeo copy` takes the one of a single platform, unless told
    /// otherwise, and leaves the index as it is signed.
    private mutating func present(_ manifests: [BlobReference], in index: BlobDigest) -> [BlobReference] {
        let present = manifests.filter { inventory.contains($0.digest) }
        let absent = manifests.count - present.count
        if absent > 0 || manifests.isEmpty, told.insert(index).inserted {
            findings.add(
                index.path,
                present.isEmpty
                    ? OCIError(.allPlatformsAbsent, "none of the \(manifests.count) images is there that this index names")
                    : OCIError(.platformAbsent, "\(absent) of the \(manifests.count) images are absent that this index names"))
        }
        for manifest in present { need(manifest, "an image in the index \(index)") }
        return present
    }

    // MARK: Blobs

    private mutating func need(_ reference: BlobReference, _ what: String) {
        let digest = reference.digest
        guard need(digest, by: "it is \(what)"), let size = inventory.sizes[digest], size != reference.size else { return }
        findings.add(digest.path, OCIError(.sizeMismatch, "it has \(size) bytes, and as \(what) it should have \(reference.size)"))
    }

    /// Marks a blob as needed; false when it cannot be read.
    private mutating func need(_ digest: BlobDigest, by reason: String) -> Bool {
        guard inventory.contains(digest) else {
            if told.insert(digest).inserted { findings.add(digest.path, OCIError(.blobMissing, "it is absent, and \(reason)")) }
            return false
        }
        guard inventory.sizes[digest] != nil else { return false }
        reached.insert(digest)
        return true
    }

    /// The bytes of a manifest, compared with its name unless that was done before.
    private mutating func read(_ digest: BlobDigest, limit: Int) throws(OCIError) -> [UInt8] {
        let bytes: [UInt8]
        do throws(FileTreeError) {
            bytes = try blobs.contents(of: digest.hex, limit: limit)
        } catch {
            guard error.code != .tooLarge else { throw OCIError(.manifestTooLarge, "it is a manifest of more than \(limit) bytes") }
            throw OCIError(opening: error)
        }
        guard done.insert(digest).inserted else { return bytes }
        if isKnown(digest) {
            known += 1
            return bytes
        }
        bytesRead += Int64(bytes.count)
        var hasher = SHA256()
        bytes.withUnsafeBytes { hasher.update(bufferPointer: $0) }
        try digest.require(hasher)
        return bytes
    }
}
