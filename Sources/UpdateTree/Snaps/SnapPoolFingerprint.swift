import FileTree
import Snaps

/// What tells that a pool is still the one that was checked: every name in it with its file's stamp.
struct SnapPoolFingerprint: Hashable, Codable, Sendable {
    private let files: [String: SnapStamp]

    /// Names that are looked at; a pool that has more is refused by its index anyway.
    private static let most = 4 * SnapIndex.mostSnaps

    init(_ folder: Directory) {
        var files: [String: SnapStamp] = [:]
        for name in ((try? folder.names()) ?? []).prefix(Self.most) where !name.hasPrefix(".") {
            files[name] = folder.entry(name).map(SnapStamp.init)
        }
        self.files = files
    }

    /// Whether both files of a snap are the same as in another one.
    func holds(_ snap: SnapFile, as other: SnapPoolFingerprint) -> Bool {
        ["\(snap.fileName).snap", "\(snap.fileName).assert"].allSatisfy { files[$0] != nil && files[$0] == other.files[$0] }
    }
}
