/// What `config` says of a repository: GLib's key file format, of which two keys decide.
struct RepositoryConfig {
    static let largest = 64 << 10

    /// Throws unless it describes an archive repository of the one version there is.
    init(_ bytes: [UInt8]) throws(OSTreeError) {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw OSTreeError(.configInvalid, "config is not text; export the repository again with ostree")
        }
        var group = ""
        var core: [Substring: Substring] = [:]
        for line in text.split(whereSeparator: \.isNewline) {
            let line = line.trimmingSpace()
            if line.isEmpty || line.hasPrefix("#") { continue }
            if line.hasPrefix("["), line.hasSuffix("]") {
                group = String(line.dropFirst().dropLast())
                continue
            }
            guard let separator = line.firstIndex(of: "="), !group.isEmpty else {
                throw OSTreeError(
                    .configInvalid, "config has a line that is neither [GROUP] nor KEY=VALUE; mend it, or export the repository again")
            }
            if group == "core" { core[line[..<separator].trimmingSpace()] = line[line.index(after: separator)...].trimmingSpace() }
        }
        guard core["repo_version"] == "1" else {
            throw OSTreeError(.configInvalid, "config says no repo_version=1 in [core]; export the repository again with ostree")
        }
        guard let mode = core["mode"] else {
            throw OSTreeError(.configInvalid, "config says no mode in [core]; export the repository again with ostree")
        }
        guard mode == "archive-z2" || mode == "archive" else {
            throw OSTreeError(
                .modeUnsupported,
                "the repository has the mode \(String(mode.prefix(40)).debugDescription), and devices fetch from archive "
                    + "repositories only; make one with ostree init --mode=archive and ostree pull-local")
        }
    }
}

extension Substring {
    fileprivate func trimmingSpace() -> Substring {
        var text = drop { $0 == " " || $0 == "\t" }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return text
    }
}
