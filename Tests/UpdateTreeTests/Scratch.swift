import FileTree
import Foundation
import TUF
import UpdateTree

/// A data directory of one test, and the sample updates that lie in the repository.
final class Scratch {
    let path: String
    let library: UpdateLibrary
    var catalogue: UpdateCatalogue { library.catalogue }

    /// A moment at which the sample updates are valid.
    static let now = MetadataTime(seconds: 1_760_000_000)

    /// - Parameter trusting: the channels that trust the samples' roots.
    init(trusting channels: [Channel] = Channel.allCases) throws {
        path = Self.parent + "/otaserve-" + UUID().uuidString
        library = try UpdateLibrary.open(dataDirectory: try Directory.make(path: path))
        for channel in channels {
            let trust = library.trust(of: channel)
            let roots = try ["1", "2"].map { version in
                Array(try Data(contentsOf: URL(fileURLWithPath: "\(Self.samples)/../trust/\(channel)/\(version).root.json")))
            }
            try trust.trust(first: roots[0])
            try trust.adopt(roots)
        }
    }

    /// Imports a directory as an operator would.
    @discardableResult
    func ingest(_ source: String, as key: UpdateKey, now: MetadataTime = now) throws -> UpdateReport {
        try UpdateIngest(library: library, settings: VerificationSettings(workers: 2)).run(.directory(path: source), as: key, now: now)
    }

    /// In memory where there is some: hundreds of syncs on a real disk take minutes.
    private static let parent = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : NSTemporaryDirectory()

    deinit { try? FileManager.default.removeItem(atPath: path) }

    static let samples = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("data-sample/updates").path

    /// A copy of a sample update that a test may spoil.
    func copyOfSample(_ update: String = "ci/main/43") throws -> String {
        let copy = "\(path)/source"
        try FileManager.default.copyItem(atPath: "\(Self.samples)/\(update)", toPath: copy)
        return copy
    }

    /// Everything below `updates/`, hidden or not.
    var everything: [String] { (FileManager.default.enumerator(atPath: "\(path)/updates")?.allObjects as? [String] ?? []).sorted() }

    static func key(_ path: String) throws -> UpdateKey {
        let parts = path.split(separator: "/")
        return UpdateKey(channel: try Channel(String(parts[0])), tag: try Tag(parts[1]), name: try UpdateName(parts[2]))
    }
}

extension String {
    /// Replaces a text in a file.
    func edit(_ old: String, _ new: String) throws {
        let text = try String(contentsOfFile: self, encoding: .utf8)
        try text.replacingOccurrences(of: old, with: new).write(toFile: self, atomically: true, encoding: .utf8)
    }
}
