import DeviceAuth
import Fleet

/// `receipt.json`: the receipt, and how far the site's lines have come.
struct SiteReportState: Codable {
    let receipt: SiteReceipt
    /// What the certificate of the last report granted.
    let grants: [String]
    /// Behind the last line of each rollout.
    private(set) var positions: [String: Int64]
    /// Of the last line of the site's audit log.
    private(set) var auditNumber: Int64
    /// Bytes of the files `events` and `audit`.
    var eventsLength: Int64
    var auditLength: Int64

    /// Rollouts whose position is remembered; the oldest leave first. Ids sort by the time of their making.
    static let mostRollouts = 10_000

    init(_ receipt: SiteReceipt, grants: [SiteGrant], behind last: SiteReportState?) {
        self.receipt = receipt
        self.grants = grants.map(\.description)
        positions = last?.positions ?? [:]
        auditNumber = last?.auditNumber ?? 0
        eventsLength = last?.eventsLength ?? 0
        auditLength = last?.auditLength ?? 0
    }

    /// Notes the events that have not come before, and returns their lines.
    mutating func take(_ events: [SiteReport.Event]) -> [String] {
        var lines: [String] = []
        for event in events where event.next > positions[event.rollout.text] ?? 0 {
            positions[event.rollout.text] = event.next
            lines.append("\(event.rollout) \(event.next) \(event.line)")
        }
        if positions.count > Self.mostRollouts {
            for id in positions.keys.sorted().prefix(positions.count - Self.mostRollouts) { positions[id] = nil }
        }
        return lines
    }

    /// Notes the lines that have not come before, and returns them.
    mutating func take(_ audit: [SiteReport.AuditLine]) -> [String] {
        var lines: [String] = []
        for line in audit where line.number > auditNumber {
            auditNumber = line.number
            lines.append(line.line)
        }
        return lines
    }
}
