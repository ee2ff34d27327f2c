/// How long new metadata last.
///
/// Devices in the field may meet a server that was off for weeks, or a bundle that travelled on a stick. Timestamp,
/// snapshot and targets are signed by the same process with keys in one place, so a much shorter timestamp would keep
/// nobody out who holds that process: all three get 90 days and are renewed when a third is left. Root is signed by
/// people: two years.
public struct Lifetimes: Equatable, Sendable {
    public let root: Duration
    public let targets: Duration
    public let snapshot: Duration
    public let timestamp: Duration

    public static let usual = Lifetimes(root: .days(730), targets: .days(90), snapshot: .days(90), timestamp: .days(90))
    /// How long before their end metadata are due.
    public static let refreshMargin = Duration.days(30)

    public init(root: Duration, targets: Duration, snapshot: Duration, timestamp: Duration) {
        self.root = root
        self.targets = targets
        self.snapshot = snapshot
        self.timestamp = timestamp
    }

    func of(_ role: TopRole) -> Duration {
        switch role {
        case .root: root
        case .targets: targets
        case .snapshot: snapshot
        case .timestamp: timestamp
        }
    }

    func expiry(of role: TopRole, from now: MetadataTime) -> MetadataTime { now + of(role) }
}

extension Duration {
    static func days(_ count: Int64) -> Duration { .seconds(count * 86_400) }
}

extension MetadataTime {
    public static func + (time: MetadataTime, duration: Duration) -> MetadataTime {
        let (sum, overflow) = time.seconds.addingReportingOverflow(duration.components.seconds)
        return MetadataTime(seconds: overflow ? .max : sum)
    }
}
