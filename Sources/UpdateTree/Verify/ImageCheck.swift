import OSTree
import TUF

/// Checks what the targets say against the update's key: tag, one hardware id, a commit, apps named by digests.
struct ImageCheck {
    let key: UpdateKey

    struct Outcome {
        /// The commits that the repository must hold.
        var commits: [Checksum] = []
        var apps: [(name: AppName, digest: Digest)] = []
        var findings: [Finding] = []
    }

    func run(_ images: [ImageTarget]) -> Outcome {
        var outcome = Outcome()
        if images.isEmpty {
            outcome.findings.append(
                Finding(.fatal, "tuf/targets.json", .targetMissing, "it names no target; sign metadata with one target"))
        }
        for image in images { check(image, &outcome) }
        return outcome
    }

    private func check(_ image: ImageTarget, _ outcome: inout Outcome) {
        let name = DirectoryName.quoted(image.name)
        func refuse(_ code: Finding.Code, _ message: String) {
            outcome.findings.append(Finding(.fatal, "tuf/targets.json", code, message))
        }
        // By bytes, as devices compare: Unicode has other spellings of some letters.
        if !image.tags.contains(where: { $0.utf8.elementsEqual(key.tag.text.utf8) }) {
            refuse(.tagMissing, "the target \(name) carries the tags \(image.tags), not \(key.tag); import it under its own tag")
        }
        if image.hardwareIDs.count != 1 {
            refuse(.hardwareIDCount, "the target \(name) names \(image.hardwareIDs.count) hardware ids; devices need exactly one")
        } else if let id = image.hardwareIDs.first, !HardwareID.isValid(id) {
            refuse(.hardwareIDInvalid, "\(DirectoryName.quoted(id)) is no hardware id; use letters, digits and _ . + -")
        }
        if let commit = Checksum(hex: image.commit.utf8) {
            if !outcome.commits.contains(commit) { outcome.commits.append(commit) }
        } else {
            refuse(.formatInvalid, "the target \(name) names no commit; its sha256 must be 64 hexadecimal digits")
        }
        for (app, uri) in image.apps.sorted(by: { $0.key < $1.key }) {
            guard let name = try? AppName(app), let at = uri.lastIndex(of: "@"), let digest = try? Digest(uri[uri.index(after: at)...])
            else {
                refuse(.appUnnamed, "the app \(DirectoryName.quoted(app)) is not named by a digest: \(DirectoryName.quoted(uri))")
                continue
            }
            if !outcome.apps.contains(where: { $0.name == name && $0.digest == digest }) { outcome.apps.append((name, digest)) }
        }
    }
}

/// The rule for a hardware id, the same as for names of directories.
enum HardwareID {
    static func isValid(_ text: some StringProtocol) -> Bool { DirectoryName.isValid(text) }
}
