import FileTree
import Snaps
import Squashfs
import Yams

/// What a snap says of itself in its `meta/snap.yaml`, as far as it decides how it is installed.
public struct SnapDescription: Equatable, Sendable {
    public let name: SnapName
    public let version: String?
    /// Nil when it names none, which means `core` for an app.
    public let base: SnapName?
    public let kind: SnapKind
    public let isClassic: Bool
    /// Such as `amd64`, or `all`; nil when it names several.
    public let architecture: String?

    static let path = "meta/snap.yaml"
    private static let keys = ["name", "version", "base", "type", "confinement", "architectures"]
    /// Bytes of the lines that are looked at.
    private static let largest = 4 << 10
    /// Marks of lists and mappings in them: what is looked at is flat.
    private static let mostMarks = 64

    /// Reads it out of a snap's file.
    ///
    /// - Throws: ``UpdateTreeError/Code/snapInvalid``; ``UpdateTreeError/Code/snapUnreadable`` when the image is compressed by
    ///   what is not read here.
    public init(of snap: Descriptor) throws(UpdateTreeError) {
        let text: [UInt8]
        do throws(SquashfsError) {
            text = try SquashfsImage(snap).contents(of: Self.path)
        } catch {
            let code: UpdateTreeError.Code =
                switch error.code {
                case .compressionUnsupported: .snapUnreadable
                case .readFailed: .storage
                default: .snapInvalid
                }
            throw UpdateTreeError(code, "\(error.code.rawValue): \(error.message)")
        }
        try self.init(parsing: text)
    }

    /// - Throws: ``UpdateTreeError/Code/snapInvalid``.
    init(parsing yaml: [UInt8]) throws(UpdateTreeError) {
        let members = try Self.members(try Self.lines(of: yaml))
        func word(_ key: String) throws(UpdateTreeError) -> String? {
            guard let node = members[key] else { return nil }
            guard case .scalar(let scalar) = node else { throw Self.invalid("\(key) is no word") }
            return scalar.string.isEmpty ? nil : scalar.string
        }
        guard let name = try word("name") else { throw Self.invalid("it has no name") }
        let kind = try word("type") ?? SnapKind.app.rawValue
        // The oldest name of `os` is `core`; that of an app is `application`.
        let kinds = ["core": SnapKind.core, "application": .app, "framework": .app]
        guard let known = SnapKind(rawValue: kind) ?? kinds[kind] else {
            throw Self.invalid("the type \(DirectoryName.quoted(kind)) is not known")
        }
        let text = try word("base")
        do throws(SnapsError) {
            self.name = try SnapName(name)
            var base: SnapName?
            if let text { base = try SnapName(text) }
            self.base = base
        } catch {
            throw Self.invalid(error.message)
        }
        self.kind = known
        version = try word("version").map { String($0.prefix(64)) }
        isClassic = try word("confinement") == "classic"
        architecture = try Self.architecture(members["architectures"])
    }

    /// What is said twice, and what is no word, is refused before: a list of one is that one.
    private static func architecture(_ node: Node?) throws(UpdateTreeError) -> String? {
        switch node {
        case nil: return "all"
        case .scalar(let scalar)?: return scalar.string
        case .sequence(let list)?:
            guard list.count <= 1 else { return nil }
            guard let only = list.first else { return "all" }
            guard case .scalar(let scalar) = only else { throw invalid("architectures is no list of words") }
            return scalar.string
        default: throw invalid("architectures is no list of words")
        }
    }

    /// The lines of the keys that are asked for: the rest of the file is for others, and may be as deep and as
    /// entangled as it likes.
    private static func lines(of yaml: [UInt8]) throws(UpdateTreeError) -> String {
        var kept: [UInt8] = []
        var isKept = false
        for line in yaml.split(whereSeparator: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }) {
            // What begins a line is a key of the whole file; what is indented, or an item, belongs to the key before.
            if let first = line.first, first != UInt8(ascii: " "), first != UInt8(ascii: "-"), first != UInt8(ascii: "#") {
                isKept = keys.contains { line.starts(with: "\($0):".utf8) }
            }
            guard isKept else { continue }
            kept += line + [UInt8(ascii: "\n")]
            guard kept.count <= largest else { throw invalid("\(keys.joined(separator: ", ")) take more than \(largest) bytes") }
        }
        // An alias may stand for a mountain, and depth costs stack: words have neither.
        let marks = kept.count { "[{?:-".utf8.contains($0) }
        guard !kept.contains(UInt8(ascii: "&")), !kept.contains(UInt8(ascii: "*")), marks <= mostMarks else {
            throw invalid("\(keys.joined(separator: ", ")) are more than words")
        }
        guard let text = String(validating: kept, as: UTF8.self) else { throw invalid("it is not UTF-8") }
        return text
    }

    private static func members(_ yaml: String) throws(UpdateTreeError) -> [String: Node] {
        let root: Node?
        do { root = try Yams.compose(yaml: yaml) } catch { throw invalid("it is no YAML") }
        guard case .mapping(let mapping)? = root else { throw invalid("it has no name") }
        var members: [String: Node] = [:]
        for (key, value) in mapping {
            guard case .scalar(let scalar) = key else { continue }
            members[scalar.string] = value
        }
        return members
    }

    private static func invalid(_ what: String) -> UpdateTreeError {
        UpdateTreeError(.snapInvalid, "\(path) of the snap cannot be used: \(what); build the snap anew")
    }
}
