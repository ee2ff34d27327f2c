import Snaps

/// Which of the two files of a snap.
enum SnapPart: Equatable {
    case snap
    case assertions

    /// The digest is of the snap: its assertions may be others one day.
    func tag(_ digest: SnapDigest) -> String? { self == .snap ? digest.text : nil }

    var ending: String {
        switch self {
        case .snap: ".snap"
        case .assertions: ".assert"
        }
    }
}
