import FileTree
import Foundation
import TUF

/// What commands say about roots.
enum TUFReport {
    static func print(_ outcome: RootOutcome, channel: TUFChannel, folder: Directory) {
        switch outcome {
        case .published(let version): Swift.print("\(channel.rawValue): root \(version) is out.")
        case .pending(let signatures):
            Swift.print("\(channel.rawValue): \(folder.path)/pending/\(signatures.version).root.json waits for signatures.")
            for tally in signatures.tallies where tally.missing > 0 {
                let ids = tally.unsigned.map(\.text).joined(separator: ", ")
                Swift.print("  \(tally.missing) of the keys of root \(tally.version): \(ids)")
            }
        }
    }

    static func lines(_ status: ChannelStatus, channel: TUFChannel) -> [String] {
        var lines = ["\(channel.rawValue):"]
        if let first = status.firstRoot, let newest = status.newestRoot {
            lines.append("  roots        \(first) to \(newest), until \(status.rootExpires ?? "-")")
        }
        for role in status.roles {
            lines.append("  \(role.role.padding(toLength: 11, withPad: " ", startingAt: 0))  \(role.threshold) of \(role.keys.count)")
            for key in role.keys { lines.append("    \(key.id)  \(key.method)  \(key.isHere ? "here" : "elsewhere")") }
        }
        if let pending = status.pending {
            lines.append("  pending      \(pending.file)")
            for tally in pending.tallies {
                lines.append("    keys of root \(tally.root): \(tally.signed.count) of \(tally.threshold) signed, \(tally.missing) missing")
                lines += tally.signed.map { "      \($0)  signed" } + tally.unsigned.map { "      \($0)  not yet" }
            }
        }
        if status.newestRoot != nil {
            let tags = status.targetsVersions.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
            lines.append(
                "  versions     timestamp \(status.timestampVersion), snapshot \(status.snapshotVersion), "
                    + "targets \(tags.isEmpty ? "-" : tags)")
        }
        return lines + (status.problems.isEmpty ? ["  No problems."] : status.problems.map { "  Problem: \($0)" })
    }
}

extension MetadataTime {
    static var now: MetadataTime { MetadataTime(seconds: Int64(Date.now.timeIntervalSince1970)) }
}
