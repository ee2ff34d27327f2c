import Crypto
import Foundation
import Snaps

/// The snaps of a device as its snapd lists them, in one order, with the two hashes that stand for them.
///
/// ```swift
/// let inventory = try SnapInventory(snapd: reply.result)
/// inventory.hashes.names
/// ```
public struct SnapInventory: Equatable, Sendable {
    /// Sorted by name.
    public let snaps: [ListedSnap]
    public let hashes: SnapHashes

    /// Bytes of snapd's list.
    public static let largest = 8 << 20

    /// snapd lists in random order, and newer ones have members that are not known here: both must change nothing.
    ///
    /// - Parameter result: the member `result` of `GET /v2/snaps`, a JSON array.
    /// - Throws: ``SoftwareAgentError/Code/snapdAnswerInvalid``.
    public init(snapd result: [UInt8], device: String? = nil) throws(SoftwareAgentError) {
        guard result.count <= Self.largest,
            let elements = (try? JSONSerialization.jsonObject(with: Data(result))) as? [[String: Any]]
        else { throw Self.invalid("is no array of objects") }
        guard elements.count <= SnapList.most else { throw Self.invalid("has more than \(SnapList.most) snaps") }
        var named: [(name: SnapName, element: [String: Any])] = []
        for element in elements {
            guard let name = (element["name"] as? String).flatMap({ try? SnapName($0) }) else {
                throw Self.invalid("has a snap without a valid name")
            }
            named.append((name, element))
        }
        named.sort { ($0.name.text, Self.revision($0.element)) < ($1.name.text, Self.revision($1.element)) }
        snaps = named.map { ListedSnap(snapd: $0.element, name: $0.name, device: device) }
        hashes = SnapHashes(
            list: try Self.hash(named.map(\.element)), names: try Self.hash(Set(named.map(\.name)).sorted().map(\.text)))
    }

    public var names: Set<SnapName> { Set(snaps.map(\.name)) }

    /// As the server wants it, version 2.
    public var list: SnapList { SnapList(hashes: hashes, snaps: snaps) }

    private static func revision(_ element: [String: Any]) -> String { element["revision"] as? String ?? "" }

    /// SHA-256 of the one way to write the document: members sorted, no blanks, slashes plain.
    private static func hash(_ document: Any) throws(SoftwareAgentError) -> String {
        guard let text = try? JSONSerialization.data(withJSONObject: document, options: [.sortedKeys, .withoutEscapingSlashes]) else {
            throw invalid("can not be written again")
        }
        return SHA256.hash(data: text).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    private static func invalid(_ what: String) -> SoftwareAgentError {
        SoftwareAgentError(.snapdAnswerInvalid, "snapd's list of snaps \(what); look at snapd's version and its journal")
    }
}
