import FileTree
import Foundation

/// The verdicts on updates, on disk: `verdicts/<channel>/<tag>/<name>/` with `verdict.json` and `inventory`.
///
/// A verdict counts only while the directory is the one that was checked; whatever else lies there was not checked.
public struct VerdictRecords: Sendable {
    static let folder = "verdicts"
    private static let largest = 4 << 20

    let root: Directory
    let catalogue: UpdateCatalogue

    static func open(dataDirectory: Directory, catalogue: UpdateCatalogue) throws(UpdateTreeError) -> VerdictRecords {
        let root = try storage { () throws(FileTreeError) in try dataDirectory.makeDirectory(folder) }
        return VerdictRecords(root: root, catalogue: catalogue)
    }

    /// What was found about the update as it lies there now; nil when that was not checked.
    ///
    /// - Parameter thorough: also compares every directory of content.
    public func verdict(on key: UpdateKey, thorough: Bool = true) -> Verdict? {
        guard let verdict = recorded(key), let directory = try? catalogue.root.directory(key.path) else { return nil }
        let isCurrent =
            thorough
            ? UpdateFingerprint(directory) == verdict.fingerprint
            : UpdateFingerprint.surface(of: directory) == verdict.fingerprint.surface
        return isCurrent ? verdict : nil
    }

    func recorded(_ key: UpdateKey) -> Verdict? {
        guard let bytes = try? root.contents(of: "\(key.path)/verdict.json", limit: Self.largest) else { return nil }
        return try? JSONDecoder().decode(Verdict.self, from: Data(bytes))
    }

    /// Records a verdict; on the disk when it returns. The inventory goes first: a verdict never names one that is not
    /// there.
    func record(_ verdict: Verdict, inventory: Inventory?, of key: UpdateKey) throws(UpdateTreeError) {
        try storage { () throws(FileTreeError) in
            var place = root
            for part in [key.channel.rawValue, key.tag.text, key.name.text] { place = try place.makeDirectory(part) }
            if let inventory { try place.replace("inventory", with: inventory.text.utf8) }
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            guard let bytes = try? encoder.encode(verdict) else {
                throw FileTreeError(.failed, "a verdict on \(key) cannot be written")
            }
            try place.replace("verdict.json", with: bytes)
        }
    }

    /// Waits until nobody else publishes an update, and keeps others waiting until the returned lock is released: the
    /// verdict that is recorded and the update that gets the name are one importer's, however many there are.
    func waitToPublish() throws(UpdateTreeError) -> Descriptor {
        try storage { () throws(FileTreeError) in try root.waitForLock("publish.lock") }
    }

    func forget(_ key: UpdateKey) throws(UpdateTreeError) {
        try storage { () throws(FileTreeError) in try root.remove(key.path) }
    }

    /// Removes the verdicts on updates that are gone.
    func collect() throws(UpdateTreeError) {
        let present = Set(try catalogue.keys())
        try storage { () throws(FileTreeError) in
            for channel in try root.names() {
                for tag in (try? root.directory(channel).names()) ?? [] {
                    for name in (try? root.directory("\(channel)/\(tag)").names()) ?? [] {
                        if name == SnapPoolKey.folder, catalogue.root.status("\(channel)/\(tag)/\(name)")?.kind == .directory { continue }
                        let key = try? UpdateKey(channel: Channel(channel), tag: Tag(tag), name: UpdateName(name))
                        if let key, present.contains(key) { continue }
                        try root.remove("\(channel)/\(tag)/\(name)")
                    }
                }
            }
        }
    }
}

extension VerdictRecords: UpdateInventories {
    public func listed() throws -> [ListedUpdate] {
        try catalogue.keys().compactMap { key in
            guard let verdict = verdict(on: key, thorough: false), verdict.isAccepted, let inventory = verdict.inventory else { return nil }
            return ListedUpdate(key: key, inventory: try Digest(hex: inventory), bytes: verdict.bytes, files: verdict.files)
        }
    }

    public func inventoryText(of update: UpdateKey) throws -> [UInt8]? {
        guard let verdict = verdict(on: update, thorough: false), verdict.isAccepted else { return nil }
        return try root.contents(of: "\(update.path)/inventory", limit: Inventory.largest)
    }
}
