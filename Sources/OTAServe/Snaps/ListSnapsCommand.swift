import ArgumentParser
import Snaps
import UpdateTree

struct ListSnapsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the snaps of all pools, or of one.")

    @ParentCommand var snaps: SnapsCommand
    @Option(help: "Only of this channel.") var channel: String?
    @Option(help: "Only of this tag.") var tag: String?
    @Option(name: .shortAndLong, help: "table or json.") var output: OutputFormat = .table

    private struct Document: Encodable {
        let channel: String
        let tag: String
        /// `accepted`, `refused` or `unchecked`.
        let check: String
        let present: [SnapName]
        let snaps: [SnapFile]
    }

    func run() throws {
        let channel = try channel.map { try Channel($0) }
        let tag = try tag.map { try Tag($0) }
        let pools = SnapPools(library: try snaps.library())
        let keys = pools.keys().filter { (channel == nil || $0.channel == channel) && (tag == nil || $0.tag == tag) }
        let found = keys.map { key in
            let index = pools.index(of: key) ?? .empty
            return Document(
                channel: key.channel.rawValue, tag: key.tag.text,
                check: pools.isAccepted(key).map { $0 ? "accepted" : "refused" } ?? "unchecked", present: index.present, snaps: index.snaps)
        }
        switch output {
        case .json: try OutputFormat.printJSON(found)
        case .table:
            let rows = found.flatMap { pool in
                pool.snaps.map { snap in
                    [
                        pool.channel, pool.tag, snap.name.text, snap.revision.text, snap.kind.rawValue, snap.architecture,
                        snap.base?.text ?? "-", snap.isClassic ? "classic" : "-", ByteCount.text(snap.size), pool.check,
                    ]
                }
            }
            if rows.isEmpty { return print("there are no snaps in a pool; put one there with otaserve snaps add") }
            OutputFormat.printTable(
                ["CHANNEL", "TAG", "NAME", "REVISION", "TYPE", "ARCH", "BASE", "CONFINEMENT", "SIZE", "CHECKED"], rows)
            for pool in found where !pool.present.isEmpty {
                print("declared present in \(pool.channel)/\(pool.tag): \(pool.present.map(\.text).joined(separator: ", "))")
            }
        }
    }
}
