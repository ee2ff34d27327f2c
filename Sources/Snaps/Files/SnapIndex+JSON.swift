import FoundationEssentials
import StrictJSON

/// The index as the file has it. A member that is not known is refused: it was meant to say something.
extension SnapIndex {
    private struct Document: Encodable {
        let present: [SnapName]
        let snaps: [SnapFile]
    }

    /// - Throws: ``SnapsError/Code/indexInvalid`` with what is wrong.
    public init(parsing bytes: [UInt8]) throws(SnapsError) {
        guard bytes.count <= Self.largest else { throw Self.invalid("it has more than \(Self.largest) bytes") }
        let root: JSONElement
        do { root = try JSONDocument(parsing: bytes).root } catch { throw Self.invalid(error.message) }
        let members = try Self.members(of: root, ["present", "snaps"], "the index")
        guard let list = members["snaps"]?.elements else { throw Self.invalid("it has no list snaps") }
        guard list.count <= Self.mostSnaps else { throw Self.invalid("it names more than \(Self.mostSnaps) snaps") }
        var snaps: [SnapFile] = []
        for (place, element) in list.enumerated() { snaps.append(try Self.snap(element, "snaps[\(place)]")) }
        var present: [SnapName] = []
        if let declared = members["present"] {
            guard let names = declared.elements, names.count <= Self.mostPresent else {
                throw Self.invalid("present is no list of at most \(Self.mostPresent) names")
            }
            for name in names { present.append(try SnapName(try Self.text(name, "present"))) }
        }
        try self.init(snaps: snaps, present: present)
    }

    /// The file's content, for people too: indented, members sorted.
    public var json: [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
        // Texts, numbers and booleans can always be written.
        return (try? encoder.encode(Document(present: present, snaps: snaps))).map { Array($0) + [UInt8(ascii: "\n")] } ?? []
    }

    private static func snap(_ element: JSONElement, _ place: String) throws(SnapsError) -> SnapFile {
        let members = try members(
            of: element, ["name", "revision", "arch", "base", "type", "classic", "sha3-384", "size"], place)
        func needed(_ name: String) throws(SnapsError) -> JSONElement {
            guard let value = members[name] else { throw invalid("\(place) has no \(name)") }
            return value
        }
        let revision = try needed("revision")
        let number: SnapRevision
        if let integer = revision.integer {
            number = try SnapRevision(String(integer))
        } else {
            number = try SnapRevision(try text(revision, "\(place).revision"))
        }
        guard let kind = SnapKind(rawValue: try text(needed("type"), "\(place).type")) else {
            throw invalid("\(place).type is none of \(SnapKind.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        guard let size = try needed("size").integer else { throw invalid("\(place).size is no number of bytes") }
        var isClassic = false
        if let value = members["classic"] {
            guard let flag = value.bool else { throw invalid("\(place).classic is neither true nor false") }
            isClassic = flag
        }
        var base: SnapName?
        if let value = members["base"], !value.isNull { base = try SnapName(try text(value, "\(place).base")) }
        return SnapFile(
            name: try SnapName(try text(needed("name"), "\(place).name")),
            revision: number,
            architecture: try text(needed("arch"), "\(place).arch"), base: base, kind: kind, isClassic: isClassic,
            digest: try SnapDigest(try text(needed("sha3-384"), "\(place).sha3-384")), size: size)
    }

    private static func members(
        of element: JSONElement, _ known: Set<String>, _ place: String
    ) throws(SnapsError) -> [String: JSONElement] {
        guard let members = element.members else { throw invalid("\(place) is no object") }
        var found: [String: JSONElement] = [:]
        for (name, value) in members {
            guard known.contains(name) else {
                throw invalid(
                    "\(place) has \(name.prefix(40).debugDescription), which nobody knows; known are \(known.sorted().joined(separator: ", "))"
                )
            }
            found[name] = value
        }
        return found
    }

    private static func text(_ element: JSONElement, _ place: String) throws(SnapsError) -> String {
        guard let text = element.string else { throw invalid("\(place) is no text") }
        return text
    }
}
