import FileTree
import Snaps

/// One snap that is to go into a pool.
public struct SnapSource: Sendable {
    let snap: Descriptor
    let assertions: [UInt8]
    let claims: SnapClaims
    /// What the devices have anyway.
    let present: Set<SnapName>

    /// - Parameters:
    ///   - snap: the `.snap` file.
    ///   - assertions: the content of its `.assert` file.
    public init(snap: Descriptor, assertions: [UInt8], claims: SnapClaims, present: Set<SnapName>) {
        self.snap = snap
        self.assertions = assertions
        self.claims = claims
        self.present = present
    }
}

extension SnapPools {
    /// Puts a snap into a pool: copied to a private place and checked there, then moved beside the others, then named in
    /// the index by one rename. Killed at any moment, devices see the pool as it was or with the whole snap.
    ///
    /// - Throws: `.snapExists` when the revision is there with other bytes, `.snapNeeded` when what it needs is not there.
    /// - Returns: the entry, and what the check of the whole pool said afterwards.
    public func add(
        _ source: SnapSource, to key: SnapPoolKey, workers: Int, now: Int64
    ) throws(UpdateTreeError) -> (snap: SnapFile, report: SnapPoolReport) {
        let root = library.catalogue.root
        let staging = "\(Staging.prefix)snap-\(Staging.uniqueName())"
        defer { try? root.remove(staging) }
        let place = try storage { () throws(FileTreeError) in try root.makeDirectory(staging, mode: 0o700) }
        let (snap, stamp) = try stage(source, in: place)
        let lock = try library.verdicts.waitToPublish()
        defer { withExtendedLifetime(lock) {} }
        let folder = try storage { () throws(FileTreeError) in
            let tag = try root.makeDirectory(key.channel.rawValue).makeDirectory(key.tag.text)
            let folder = try tag.makeDirectory(SnapPoolKey.folder)
            try tag.syncNames()
            return folder
        }
        let before = try readable(folder, key)
        let after = try index(before, with: snap, present: source.present)
        var known = verdict(on: key)?.sound ?? [:]
        // One that is there already is put there again when the pool is not as it should be: that mends a damaged file.
        if !before.snaps.contains(snap) || isAccepted(key) != true {
            try publish(snap, from: place, in: folder)
            known["\(snap.fileName).snap"] = stamp
        }
        if after != before { try storage { () throws(FileTreeError) in try folder.replace(SnapIndex.fileName, with: after.json) } }
        return (snap, try check(folder, key, known: known, workers: workers, now: now))
    }

    /// Takes revisions of a snap out of a pool: out of the index first, then off the disk.
    ///
    /// - Parameter revision: nil for all.
    /// - Throws: `.snapUnknown`, or `.snapNeeded` when another snap needs it.
    public func remove(
        _ name: SnapName, revision: SnapRevision?, from key: SnapPoolKey, workers: Int, now: Int64
    ) throws(UpdateTreeError) -> SnapPoolReport {
        let lock = try library.verdicts.waitToPublish()
        defer { withExtendedLifetime(lock) {} }
        guard let folder = folder(of: key) else {
            throw UpdateTreeError(.snapUnknown, "there is no pool \(key); see otaserve snaps list")
        }
        let before = try readable(folder, key)
        let leaving = before.snaps.filter { $0.name == name && (revision == nil || $0.revision == revision) }
        guard !leaving.isEmpty else {
            throw UpdateTreeError(
                .snapUnknown, "the pool \(key) holds no \(name)\(revision.map { " of revision \($0)" } ?? ""); see otaserve snaps list")
        }
        let staying = before.snaps.filter { !leaving.contains($0) }
        let lacking = SnapPrerequisites(snaps: before.snaps, present: before.present).lacks
        if let lack = SnapPrerequisites(snaps: staying, present: before.present).lacks.first(where: { !lacking.contains($0) }) {
            throw UpdateTreeError(.snapNeeded, "\(lack.message); remove \(lack.snap.fileName) before")
        }
        let after = try checked { () throws(SnapsError) in try SnapIndex(snaps: staying, present: before.present) }
        try storage { () throws(FileTreeError) in
            try folder.replace(SnapIndex.fileName, with: after.json)
            for snap in leaving {
                try folder.remove("\(snap.fileName).snap")
                try folder.remove("\(snap.fileName).assert")
            }
            try folder.syncNames()
        }
        return try check(folder, key, known: verdict(on: key)?.sound ?? [:], workers: workers, now: now)
    }

    // MARK: Steps

    private func stage(_ source: SnapSource, in place: Directory) throws(UpdateTreeError) -> (SnapFile, SnapStamp) {
        let assertion = try checked { () throws(SnapsError) in try SnapRevisionAssertion(parsing: source.assertions) }
        let (digest, status, file) = try storage { () throws(FileTreeError) in
            let file = try place.create("snap")
            try file.copyContents(of: source.snap)
            try file.sync()
            try place.replace("assert", with: source.assertions)
            return (try SnapDigest.of(file), try file.status(), file)
        }
        let snap = try entry(of: file, digest: digest, size: status.size, assertion, source.claims)
        try checked { () throws(SnapsError) in try assertion.check(snap) }
        return (snap, SnapStamp(status))
    }

    private func entry(
        of file: Descriptor, digest: SnapDigest, size: Int64, _ assertion: SnapRevisionAssertion, _ claims: SnapClaims
    ) throws(UpdateTreeError) -> SnapFile {
        do throws(UpdateTreeError) {
            let own = try claims.merged(with: try SnapDescription(of: file))
            return SnapFile(
                name: own.name, revision: assertion.revision, architecture: own.arch, base: own.base, kind: own.kind,
                isClassic: own.classic, digest: digest, size: size)
        } catch {
            guard error.code == .snapUnreadable else { throw error }
            guard let name = claims.name ?? assertion.name, let kind = claims.kind, let architecture = claims.architecture else {
                throw UpdateTreeError(
                    .snapUnreadable, "\(error.message): --type and --architecture, for an app --base, and --classic where it is so")
            }
            return SnapFile(
                name: name, revision: assertion.revision, architecture: architecture, base: claims.base, kind: kind,
                isClassic: claims.isClassic, digest: digest, size: size)
        }
    }

    /// An index that cannot be read must not be written over: what it names would be gone.
    private func readable(_ folder: Directory, _ key: SnapPoolKey) throws(UpdateTreeError) -> SnapIndex {
        guard folder.entry(SnapIndex.fileName) != nil else { return .empty }
        do {
            return try Self.index(in: folder)
        } catch {
            throw UpdateTreeError(.snapInvalid, "\(key)/\(SnapIndex.fileName): \(error); mend it first")
        }
    }

    private func index(_ before: SnapIndex, with snap: SnapFile, present: Set<SnapName>) throws(UpdateTreeError) -> SnapIndex {
        if let other = before.snaps.first(where: { $0.fileName == snap.fileName }), other != snap {
            throw UpdateTreeError(
                .snapExists, "the pool holds another \(snap.fileName); remove that first with otaserve snaps remove")
        }
        let snaps = before.snaps.filter { $0 != snap } + [snap]
        let after = try checked { () throws(SnapsError) in try SnapIndex(snaps: snaps, present: present.union(before.present)) }
        if let lack = SnapPrerequisites(snaps: after.snaps, present: after.present).lacks.first(where: { $0.snap == snap }) {
            throw UpdateTreeError(.snapNeeded, "\(lack.message) with --present")
        }
        return after
    }

    private func publish(_ snap: SnapFile, from place: Directory, in folder: Directory) throws(UpdateTreeError) {
        try storage { () throws(FileTreeError) in
            for ending in ["snap", "assert"] {
                let name = "\(snap.fileName).\(ending)"
                // What the index does not name is of nobody: a killed command left it.
                try folder.remove(name)
                try place.move(ending, to: folder, as: name)
            }
            try folder.syncNames()
        }
    }

    private func checked<Value>(_ body: () throws(SnapsError) -> Value) throws(UpdateTreeError) -> Value {
        do { return try body() } catch { throw UpdateTreeError(.snapInvalid, "\(error.code.rawValue): \(error.message)") }
    }
}
