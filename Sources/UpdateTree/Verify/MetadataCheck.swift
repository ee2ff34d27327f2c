import FileTree
import TUF

/// Checks `tuf/` of an update as a device would that has nothing but the channel's root: the whole chain, and what the
/// offline bundle states.
struct MetadataCheck {
    let key: UpdateKey
    let trust: ChannelTrust
    let settings: VerificationSettings
    let now: MetadataTime

    struct Outcome {
        var images: [ImageTarget] = []
        var expires: MetadataTime?
        /// Roots that are newer than those of the channel, signed as they must be, in ascending order.
        var newRoots: [[UInt8]] = []
        var findings: [Finding] = []
    }

    func run(_ tuf: Directory) -> Outcome {
        var outcome = Outcome()
        do throws(RefusedMetadata) {
            try follow(tuf, &outcome)
        } catch {
            outcome.findings.append(error.finding)
        }
        return outcome
    }

    private func follow(_ tuf: Directory, _ outcome: inout Outcome) throws(RefusedMetadata) {
        var trusted = try followRoots(tuf, &outcome)
        let steps: [(TopRole, (inout TrustedMetadata, [UInt8]) throws(TUFError) -> Void)] = [
            (.timestamp, { trusted, bytes throws(TUFError) in _ = try trusted.updateTimestamp(bytes) }),
            (.snapshot, { trusted, bytes throws(TUFError) in try trusted.updateSnapshot(bytes) }),
            (.targets, { trusted, bytes throws(TUFError) in try trusted.updateTargets(bytes) }),
        ]
        for (role, step) in steps {
            let bytes = try read(tuf, role.fileName)
            do { try step(&trusted, bytes) } catch { throw RefusedMetadata(role.fileName, error) }
        }
        let expiries = [trusted.root.expires, trusted.timestamp?.expires, trusted.snapshot?.expires, trusted.targets?.expires]
        outcome.expires = expiries.compactMap { $0 }.min()
        checkHorizon(trusted, &outcome)
        guard let targets = trusted.targets else { return }
        do {
            outcome.images = try targets.images()
        } catch {
            throw RefusedMetadata("targets.json", error)
        }
        try checkBundle(tuf, root: trusted.root, images: outcome.images, &outcome)
        try reportUnknown(tuf, &outcome)
    }

    /// From the newest root that the channel trusts to the newest one of the update. Each one on the way that is known
    /// must be the very same file: a device that has an older root would follow it.
    private func followRoots(_ tuf: Directory, _ outcome: inout Outcome) throws(RefusedMetadata) -> TrustedMetadata {
        let known: [ChannelTrust.Root]
        do { known = try trust.roots() } catch { throw RefusedMetadata("root.json", error) }
        guard let newest = known.last else {
            throw RefusedMetadata(
                Finding(
                    .fatal, "tuf", .trustMissing,
                    "the channel \(key.channel) trusts no root yet; run otaserve tuf import-fleet or otaserve tuf init"))
        }
        var trusted: TrustedMetadata
        do { trusted = try TrustedMetadata(trustedRoot: newest.bytes, now: now) } catch {
            throw RefusedMetadata("\(newest.version).root.json", error)
        }
        let present = ((try? tuf.names()) ?? []).compactMap { name -> Int64? in
            guard case .root(let version)? = MetadataFile(fileName: name) else { return nil }
            return Int64(version)
        }.sorted()
        for version in present {
            let name = "\(version).root.json"
            let bytes = try read(tuf, name)
            if version <= newest.version {
                if let own = known.first(where: { $0.version == version }), own.bytes != bytes {
                    throw RefusedMetadata(
                        Finding(
                            .fatal, "tuf/\(name)", .rootDiffers,
                            "the channel \(key.channel) knows another root of this version; is the update of another fleet or channel?"))
                }
                continue
            }
            do throws(TUFError) {
                try trusted.updateRoot(bytes)
                // A device asks for the next version by its name.
                guard trusted.root.version == version else {
                    throw TUFError(.versionMismatch, "it holds version \(trusted.root.version); name it \(trusted.root.version).root.json")
                }
            } catch {
                throw RefusedMetadata(name, error)
            }
            outcome.newRoots.append(bytes)
        }
        do { try trusted.finishRoots() } catch { throw RefusedMetadata("\(trusted.root.version).root.json", error) }
        return trusted
    }

    private func checkHorizon(_ trusted: TrustedMetadata, _ outcome: inout Outcome) {
        let clocks: [(String, MetadataTime?)] = [
            ("\(trusted.root.version).root.json", trusted.root.expires), ("timestamp.json", trusted.timestamp?.expires),
            ("snapshot.json", trusted.snapshot?.expires), ("targets.json", trusted.targets?.expires),
        ]
        for (name, expires) in clocks {
            if let expires { checkHorizon(name, expires, &outcome) }
        }
    }

    private func checkHorizon(_ name: String, _ expires: MetadataTime, _ outcome: inout Outcome) {
        let left = expires.seconds - now.seconds
        let severity: Finding.Severity? =
            left < settings.horizon.components.seconds ? .fatal : left < settings.warningHorizon.components.seconds ? .warning : nil
        guard let severity else { return }
        outcome.findings.append(
            Finding(severity, "tuf/\(name)", .expiresSoon, "it expires at \(expires); sign it anew with a later expiry"))
    }

    /// `bundle-targets.json` names the targets, tag and channel of an offline bundle; signed by the targets keys.
    private func checkBundle(
        _ tuf: Directory, root: RootMetadata, images: [ImageTarget], _ outcome: inout Outcome
    ) throws(RefusedMetadata) {
        let name = "bundle-targets.json"
        guard tuf.entry(name) != nil else { return }
        let bytes = try read(tuf, name)
        let bundle: BundleTargets
        do throws(TUFError) {
            bundle = try BundleTargets(parsing: bytes, signedBy: root.keys(of: .targets))
            guard now < bundle.common.expires else {
                throw TUFError(.expired, "it expired at \(bundle.common.expires); sign it anew")
            }
        } catch {
            throw RefusedMetadata(name, error)
        }
        func mismatch(_ what: String) -> RefusedMetadata {
            RefusedMetadata(Finding(.fatal, "tuf/\(name)", .bundleMismatch, "\(what); make the bundle for this channel and tag"))
        }
        checkHorizon(name, bundle.common.expires, &outcome)
        guard bundle.channel == key.channel.rawValue else { throw mismatch("it is for the channel \(bundle.channel), not \(key.channel)") }
        guard bundle.tag == key.tag.text else { throw mismatch("it is for the tag \(bundle.tag), not \(key.tag)") }
        let known = Set(images.map(\.name))
        if let missing = bundle.targets.first(where: { !known.contains($0) }) {
            throw mismatch("it names the target \(DirectoryName.quoted(missing)), which targets.json lacks")
        }
    }

    private func reportUnknown(_ tuf: Directory, _ outcome: inout Outcome) throws(RefusedMetadata) {
        for name in (try? tuf.names()) ?? [] where name != "bundle-targets.json" && MetadataFile(fileName: name) == nil {
            outcome.findings.append(
                Finding(.warning, "tuf/\(name)", .partUnknown, "this is no metadata file that a device asks for; remove it"))
        }
    }

    private func read(_ tuf: Directory, _ name: String) throws(RefusedMetadata) -> [UInt8] {
        do {
            return try tuf.contents(of: name, limit: UpdateCatalogue.largestMetadata)
        } catch {
            guard error.code != .notFound else {
                throw RefusedMetadata(
                    Finding(.fatal, "tuf/\(name)", .partMissing, "it is missing; an update holds tuf/, ostree_repo/ and apps/"))
            }
            throw RefusedMetadata(Finding(.fatal, "tuf/\(name)", slug: error.code.rawValue, error.message))
        }
    }
}

/// The finding that ends a check of metadata: what comes after it depends on what was refused.
struct RefusedMetadata: Error {
    let finding: Finding

    init(_ finding: Finding) { self.finding = finding }

    init(_ name: String, _ error: TUFError) {
        finding = Finding(.fatal, "tuf/\(name)", slug: error.code.rawValue, error.message)
    }
}
