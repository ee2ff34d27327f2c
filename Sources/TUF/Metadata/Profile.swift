/// Which of the two wire forms a file is written in.
public enum Profile: String, Sendable, CaseIterable {
    /// TUF 1.0.x, as python-tuf, go-tuf and tough read it.
    case standard
    /// The older form of aktualizr, ota-tuf and Foundries.
    case fio

    /// The member `_type` of a role in this profile.
    func typeName(of role: TopRole) -> String {
        switch self {
        case .standard: role.rawValue
        case .fio: role.rawValue.prefix(1).uppercased() + role.rawValue.dropFirst()
        }
    }
}

/// The four roles that every repository has.
public enum TopRole: String, Sendable, CaseIterable, Hashable {
    case root
    case targets
    case snapshot
    case timestamp

    /// `root.json`, `targets.json`, …
    public var fileName: String { rawValue + ".json" }
}
