import Foundation

/// What the sample updates hold.
enum Sample {
    /// The digests (hexadecimal) of an update's blobs.
    static func blobs(of update: String = "ci/main/42") throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "\(Binaries.samples)/\(update)/apps/blobs/sha256").sorted()
    }

    static func file(_ path: String, of update: String = "ci/main/42") -> Data? {
        FileManager.default.contents(atPath: "\(Binaries.samples)/\(update)/\(path)")
    }

    /// The paths of an update's OSTree objects, below `ostree_repo/`.
    static func objects(of update: String = "ci/main/42") -> [String] {
        let root = "\(Binaries.samples)/\(update)/ostree_repo/objects"
        return (FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? [])
            .filter { $0.count > 60 }.map { "objects/\($0)" }.sorted()
    }
}
