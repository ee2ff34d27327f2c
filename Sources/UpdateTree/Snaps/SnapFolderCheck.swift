import FileTree
import Snaps

/// Checks a folder of snaps: the index, each file against its entry and its assertion, and that everything an app needs is
/// there or declared present. The same for an update's `snaps/` and for a pool.
struct SnapFolderCheck {
    let folder: Directory
    /// Where the folder lies, for the paths of findings.
    let path: String
    /// As many threads take digests at once.
    let workers: Int
    /// Digests that were taken before, by the name of the file.
    var known: [String: SnapStamp] = [:]

    struct Outcome {
        /// Nil when there is none that can be read.
        var index: SnapIndex?
        var findings: [Finding] = []
        /// Of the snaps that are what the index says.
        var sound: [String: SnapStamp] = [:]
    }

    func run() throws(FileTreeError) -> Outcome {
        var outcome = Outcome()
        let names = try folder.entries().map(\.name)
        let holdsSnaps = names.contains { $0.hasSuffix(".snap") || $0.hasSuffix(".assert") }
        guard names.contains(SnapIndex.fileName) else {
            if holdsSnaps {
                outcome.findings.append(
                    finding(
                        .fatal, SnapIndex.fileName, .partMissing,
                        "it is missing, and there are snaps; make one as docs/formats/snaps.md says"))
            }
            return outcome
        }
        let index: SnapIndex
        do {
            index = try SnapIndex(parsing: try folder.contents(of: SnapIndex.fileName, limit: SnapIndex.largest))
        } catch let error as SnapsError {
            outcome.findings.append(Finding(.fatal, "\(path)/\(SnapIndex.fileName)", slug: error.code.rawValue, error.message))
            return outcome
        } catch let error as FileTreeError {
            outcome.findings.append(Finding(.fatal, "\(path)/\(SnapIndex.fileName)", slug: error.code.rawValue, error.message))
            return outcome
        } catch {
            return outcome
        }
        outcome.index = index
        for checked in Parallel.map(index.snaps, workers: workers, check) {
            outcome.findings += checked.findings
            if let stamp = checked.stamp { outcome.sound[checked.name] = stamp }
        }
        outcome.findings += prerequisites(of: index) + unnamed(names, index)
        return outcome
    }

    private func prerequisites(of index: SnapIndex) -> [Finding] {
        SnapPrerequisites(snaps: index.snaps, present: index.present).lacks.map { lack in
            finding(.fatal, "\(lack.snap.fileName).snap", .snapPrerequisite, lack.message)
        }
    }

    private func unnamed(_ names: [String], _ index: SnapIndex) -> [Finding] {
        var known: Set<String> = [SnapIndex.fileName]
        for snap in index.snaps { known.formUnion(["\(snap.fileName).snap", "\(snap.fileName).assert"]) }
        return names.filter { !known.contains($0) && !$0.hasPrefix(".") }.map { name in
            finding(.warning, name, .partUnknown, "the index does not name it, and no device gets it; name it there or remove it")
        }
    }

    // MARK: One snap

    private struct Checked {
        let name: String
        var findings: [Finding] = []
        var stamp: SnapStamp?
    }

    private func check(_ snap: SnapFile) -> Checked {
        let name = "\(snap.fileName).snap"
        var checked = Checked(name: name)
        do {
            let file = try folder.openFile(name)
            let status = try file.status()
            guard status.size == snap.size else {
                checked.findings.append(
                    finding(
                        .fatal, name, .snapDiffers, "it has \(status.size) bytes, and the index says \(snap.size); bring the file again"))
                return checked
            }
            let stamp = SnapStamp(status)
            if known[name] != stamp, try SnapDigest.of(file) != snap.digest {
                checked.findings.append(
                    finding(.fatal, name, .snapDiffers, "its SHA3-384 is not what the index says; bring the file again"))
                return checked
            }
            checked.findings += try description(of: file, snap)
            checked.stamp = stamp
        } catch {
            checked.findings.append(Self.refused("\(path)/\(name)", error))
        }
        checked.findings += assertion(of: snap)
        return checked
    }

    /// What the snap says of itself must be what the index says: devices install by the index.
    private func description(of file: Descriptor, _ snap: SnapFile) throws -> [Finding] {
        let name = "\(snap.fileName).snap"
        do throws(UpdateTreeError) {
            return try SnapDescription(of: file).differences(from: snap).map { difference in
                finding(.fatal, name, .snapDiffers, "\(difference); mend the index")
            }
        } catch {
            guard error.code == .snapUnreadable else { throw error }
            return [finding(.warning, name, .snapUnread, "what the index says of it was believed: \(error.message)")]
        }
    }

    private func assertion(of snap: SnapFile) -> [Finding] {
        let name = "\(snap.fileName).assert"
        do {
            let assertion = try SnapRevisionAssertion(parsing: try folder.contents(of: name, limit: SnapRevisionAssertion.largest))
            try assertion.check(snap)
            guard !assertion.missing.isEmpty else { return [] }
            return [
                finding(
                    .warning, name, .assertionIncomplete,
                    "it holds no \(assertion.missing.joined(separator: ", no ")): a device must have that already, or refuses the snap; add it"
                )
            ]
        } catch {
            return [Self.refused("\(path)/\(name)", error)]
        }
    }

    private static func refused(_ path: String, _ error: any Error) -> Finding {
        switch error {
        case let error as SnapsError: Finding(.fatal, path, slug: error.code.rawValue, error.message)
        case let error as UpdateTreeError: Finding(.fatal, path, slug: error.code.rawValue, error.message)
        case let error as FileTreeError where error.code == .notFound:
            Finding(.fatal, path, .partMissing, "it is missing, and the index names it; bring it or take it out of the index")
        case let error as FileTreeError: Finding(.fatal, path, slug: error.code.rawValue, error.message)
        default: Finding(.fatal, path, .contentChanged, "it cannot be checked: \(error)")
        }
    }

    private func finding(_ severity: Finding.Severity, _ name: String, _ code: Finding.Code, _ message: String) -> Finding {
        Finding(severity, "\(path)/\(name)", code, message)
    }
}

extension SnapDescription {
    /// Where an entry of an index says otherwise than the snap itself.
    func differences(from snap: SnapFile) -> [String] {
        var differences: [String] = []
        func compare(_ what: String, _ own: String, _ listed: String) {
            if own != listed { differences.append("the snap says \(what) \(own), and the index \(listed)") }
        }
        compare("the name", name.text, snap.name.text)
        compare("the base", base?.text ?? "none at all", snap.base?.text ?? "none at all")
        compare("the type", kind.rawValue, snap.kind.rawValue)
        compare("classic confinement:", String(isClassic), String(snap.isClassic))
        if let architecture { compare("the architecture", architecture, snap.architecture) }
        return differences
    }
}
