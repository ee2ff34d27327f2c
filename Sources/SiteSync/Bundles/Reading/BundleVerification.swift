import DeviceAuth
import UpdateTree

/// Checks a bundle before anything is taken from it.
///
/// 1. A server below the trusted root signed `bundle.json`.
/// 2. It is for this site, or for any.
/// 3. `checksums` is the one that `bundle.json` names, and every file that it names is right.
/// 4. The inventories are those that `bundle.json` names, and their files those that `checksums` names.
/// 5. All content is there, in its size, but for what was left out because it is here.
/// 6. Nothing else is there.
///
/// Safety rests on none of this: each byte is checked again when it is taken over. It says early, and in a word, what is
/// wrong with a stick.
public struct BundleVerification: Sendable {
    private let trust: ServerTrust
    private let site: SiteName?
    private let library: UpdateLibrary

    /// - Parameter site: this one's name; nil when it has none.
    public init(trust: ServerTrust, site: SiteName?, library: UpdateLibrary) {
        self.trust = trust
        self.site = site
        self.library = library
    }

    /// - Parameter now: seconds since 1970.
    public func run(_ bundle: Bundle, now: Int64) throws -> VerifiedBundle {
        let signer = try bundle.signer(by: trust, now: now)
        if let other = bundle.manifest.site, site?.text != other {
            throw BundleError(
                .forOtherSite,
                "the bundle is for the site \(other.debugDescription), and this is \(site.map { "the site \($0)" } ?? "none"); take it there, or have one made for this one"
            )
        }
        let checksums = try self.checksums(of: bundle)
        let leftOut = try self.leftOut(of: bundle)
        var expected = Set(BundleLayout.files)
        var updates: [VerifiedBundle.Update] = []
        for update in bundle.manifest.updates {
            let inventory = try inventory(of: update, in: bundle, checksums)
            try check(inventory, of: update.key, in: bundle, checksums, leftOut, &expected)
            updates.append(VerifiedBundle.Update(key: update.key, inventory: inventory))
        }
        if let missing = checksums.digests.keys.first(where: { !expected.contains($0) }) { throw Self.unexpected(missing) }
        try refuseOthers(in: bundle, than: expected)
        return VerifiedBundle(bundle: bundle, signer: signer, updates: updates)
    }

    private func checksums(of bundle: Bundle) throws -> BundleChecksums {
        let text = try Bundle.contents(of: BundleLayout.checksums, in: bundle.contents, limit: BundleLayout.largestList)
        guard Digest(of: text).description == bundle.manifest.checksums else { throw Self.damaged(BundleLayout.checksums) }
        let checksums = try BundleChecksums(parsing: text)
        for (path, digest) in checksums.digests {
            guard let file = try bundle.contents.file(path) else { throw Self.missing(path) }
            guard try file.digest() == digest else { throw Self.damaged(path) }
        }
        return checksums
    }

    /// `checksums` vouches for the list where there is one.
    private func leftOut(of bundle: Bundle) throws -> Set<Substring> {
        guard bundle.manifest.leftOut.files > 0 else { return [] }
        let text = try Bundle.contents(of: BundleLayout.leftOut, in: bundle.contents, limit: BundleLayout.largestList)
        return Set(String(decoding: text, as: UTF8.self).split(separator: "\n"))
    }

    private func inventory(of update: BundleManifest.Update, in bundle: Bundle, _ checksums: BundleChecksums) throws -> Inventory {
        let path = BundleLayout.inventory(of: update.key)
        guard let digest = checksums[path], digest.description == update.inventory else { throw Self.damaged(path) }
        let text = try Bundle.contents(of: path, in: bundle.contents, limit: Inventory.largest)
        return try Inventory(parsing: String(decoding: text, as: UTF8.self))
    }

    private func check(
        _ inventory: Inventory, of key: UpdateKey, in bundle: Bundle, _ checksums: BundleChecksums, _ leftOut: Set<Substring>,
        _ expected: inout Set<String>
    ) throws {
        expected.insert(BundleLayout.inventory(of: key))
        let isHere = library.holds(inventory, as: key)
        for file in inventory.files {
            switch file.content {
            case .plain(let digest):
                let path = BundleLayout.file(file.path, of: key)
                expected.insert(path)
                guard checksums[path] == digest, bundle.contents.sizes[path] == file.size else { throw Self.damaged(path) }
            case .shared(let content):
                let path = BundleLayout.content(content)
                guard expected.insert(path).inserted, !isHere else { continue }
                if let size = bundle.contents.sizes[path] {
                    guard size == file.size else { throw Self.damaged(path) }
                    continue
                }
                guard leftOut.contains(content.pathInStore[...]) else { throw Self.missing(path) }
                guard library.store.contains(content) else {
                    throw BundleError(
                        .contentMissing,
                        "\(content.pathInStore) was left out because it was here, and is not here any more; run otaserve bundle have again and have a new bundle made"
                    )
                }
            }
        }
    }

    /// Names that begin with a dot are what a desktop leaves in every folder it looks at; nothing reads them.
    private func refuseOthers(in bundle: Bundle, than expected: Set<String>) throws {
        for path in bundle.contents.sizes.keys where !expected.contains(path) {
            let isHidden = path.split(separator: "/").contains { $0.hasPrefix(".") }
            if !isHidden { throw Self.unexpected(path) }
        }
    }

    private static func damaged(_ path: String) -> BundleError {
        BundleError(.damaged, "\(path.debugDescription) is not what the bundle says it is; copy the bundle again")
    }

    private static func missing(_ path: String) -> BundleError {
        BundleError(.contentMissing, "\(path.debugDescription) is missing in the bundle; copy the bundle again")
    }

    private static func unexpected(_ path: String) -> BundleError {
        BundleError(.fileUnexpected, "\(path.debugDescription) is no part of the bundle; remove it, or copy the bundle again")
    }
}
