import FileTree
import Foundation
import Snaps

/// The pools of snaps: what lies in them, and whether their check passed.
///
/// Map: ``keys()`` lists, ``verify(_:workers:now:)`` checks one, ``add(_:to:workers:now:)`` and ``remove(_:revision:from:now:)``
/// change one. Works beside a running server, which looks at the pools as it looks at the updates.
public struct SnapPools: Sendable {
    let library: UpdateLibrary

    private static let record = "verdict.json"
    private static let largestRecord = 8 << 20

    public init(library: UpdateLibrary) { self.library = library }

    /// In order of channel and tag.
    public func keys() -> [SnapPoolKey] {
        Channel.allCases.flatMap { channel -> [SnapPoolKey] in
            guard let tags = try? library.catalogue.root.directory(channel.rawValue) else { return [] }
            return ((try? tags.names()) ?? []).compactMap { name in
                guard let tag = try? Tag(name) else { return nil }
                let key = SnapPoolKey(channel: channel, tag: tag)
                return tags.status("\(name)/\(SnapPoolKey.folder)")?.kind == .directory ? key : nil
            }
        }
    }

    /// Nil when there is no pool, or its index cannot be read.
    public func index(of key: SnapPoolKey) -> SnapIndex? {
        folder(of: key).flatMap { try? Self.index(in: $0) }
    }

    /// Whether the last check of the pool, as it lies there now, passed; nil when it was not checked so.
    public func isAccepted(_ key: SnapPoolKey) -> Bool? {
        guard let folder = folder(of: key), let verdict = verdict(on: key) else { return nil }
        return verdict.fingerprint == SnapPoolFingerprint(folder) ? verdict.isAccepted : nil
    }

    func folder(of key: SnapPoolKey) -> Directory? { try? library.catalogue.root.directory(key.path) }

    static func index(in folder: Directory) throws -> SnapIndex {
        try SnapIndex(parsing: folder.contents(of: SnapIndex.fileName, limit: SnapIndex.largest))
    }

    // MARK: Checking

    /// Checks a pool and records what was found. Digests of files that did not change since the last check are not taken
    /// again, unless `isThorough`.
    ///
    /// Throws `.updateChanged` when it was changed meanwhile: nothing is recorded then.
    public func verify(
        _ key: SnapPoolKey, isThorough: Bool = false, workers: Int, now: Int64
    ) throws(UpdateTreeError) -> SnapPoolReport {
        guard let folder = folder(of: key) else {
            throw UpdateTreeError(.snapUnknown, "there is no pool \(key); make one with otaserve snaps add")
        }
        let known = isThorough ? [:] : verdict(on: key)?.sound ?? [:]
        return try check(folder, key, known: known, workers: workers, now: now)
    }

    func check(
        _ folder: Directory, _ key: SnapPoolKey, known: [String: SnapStamp], workers: Int, now: Int64
    ) throws(UpdateTreeError) -> SnapPoolReport {
        let before = SnapPoolFingerprint(folder)
        let outcome = try storage { () throws(FileTreeError) in
            try SnapFolderCheck(folder: folder, path: SnapPoolKey.folder, workers: workers, known: known).run()
        }
        guard SnapPoolFingerprint(folder) == before else {
            throw UpdateTreeError(.updateChanged, "the pool \(key) was changed while it was checked; check it again")
        }
        let report = SnapPoolReport(key: key, index: outcome.index, findings: outcome.findings)
        try record(
            SnapPoolVerdict(
                isAccepted: report.isAccepted, checkedAt: now, fingerprint: before,
                findings: Array(report.findings.prefix(UpdateReport.mostFindings)), sound: outcome.sound), of: key)
        return report
    }

    // MARK: What was found

    func verdict(on key: SnapPoolKey) -> SnapPoolVerdict? {
        guard let bytes = try? library.verdicts.root.contents(of: "\(key.path)/\(Self.record)", limit: Self.largestRecord) else {
            return nil
        }
        return try? JSONDecoder().decode(SnapPoolVerdict.self, from: Data(bytes))
    }

    private func record(_ verdict: SnapPoolVerdict, of key: SnapPoolKey) throws(UpdateTreeError) {
        try storage { () throws(FileTreeError) in
            var place = library.verdicts.root
            for part in [key.channel.rawValue, key.tag.text, SnapPoolKey.folder] { place = try place.makeDirectory(part) }
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            guard let bytes = try? encoder.encode(verdict) else {
                throw FileTreeError(.failed, "a verdict on \(key) cannot be written")
            }
            try place.replace(Self.record, with: bytes)
        }
    }
}
