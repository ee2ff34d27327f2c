import FileTree
import TUF

extension UpdateLibrary {
    /// When each of the metadata files of every update ends, and each channel's newest root.
    public func expiries() throws(UpdateTreeError) -> [Expiry] {
        var found: [Expiry] = []
        for channel in Channel.allCases {
            guard let newest = (try? trust(of: channel).roots())?.last, let root = try? RootMetadata(parsing: newest.bytes) else {
                continue
            }
            found.append(
                Expiry(
                    .root, subject: "\(channel) \(newest.version).root.json", at: root.expires.seconds,
                    remedy: "sign a new root: otaserve tuf rotate --channel \(channel) --role root"))
        }
        for key in try catalogue.keys() {
            guard let tuf = try? catalogue.root.directory("\(key.path)/tuf") else { continue }
            for (name, kind, role) in Self.clocks {
                guard let bytes = try? tuf.contents(of: name, limit: UpdateCatalogue.largestMetadata),
                    let envelope = try? Envelope(parsing: bytes, as: role), let common = try? RoleHeader(envelope)
                else { continue }
                let isOurs = (try? repository(of: key.channel, secret: nil).isOurs(envelope)) ?? false
                found.append(
                    Expiry(
                        kind, subject: key.path, at: common.expires.seconds,
                        remedy: isOurs
                            ? "the server renews it by itself" : "signed elsewhere: import the update anew with a later expiry",
                        renewsItself: isOurs))
            }
        }
        return found
    }

    private static let clocks: [(name: String, kind: Expiry.Kind, role: TopRole)] = [
        ("targets.json", .targets, .targets), ("snapshot.json", .snapshot, .snapshot), ("timestamp.json", .timestamp, .timestamp),
        ("bundle-targets.json", .bundleTargets, .targets),
    ]
}
