/// What a snap is for, as its `meta/snap.yaml` says. In the order in which several are installed.
public enum SnapKind: String, Codable, Sendable, CaseIterable, Comparable {
    case snapd
    /// The operating system of old (`type: os`): base and snapd in one.
    case core = "os"
    case kernel
    case gadget
    case base
    case app

    private var place: Int { Self.allCases.firstIndex(of: self) ?? 0 }

    public static func < (left: SnapKind, right: SnapKind) -> Bool { left.place < right.place }
}
