import UpdateTree

/// The headers by which a device tells about itself. Missing means "as before", empty means "none".
public struct CheckInHeaders: Equatable, Sendable {
    public var tags: String?
    public var target: String?
    public var ostreeHash: String?
    public var apps: String?

    /// Bytes per header value; the table's columns hold no more of the first three.
    public static let longestValue = 80
    public static let longestApps = 2048

    public init(tags: String? = nil, target: String? = nil, ostreeHash: String? = nil, apps: String? = nil) {
        self.tags = tags
        self.target = target
        self.ostreeHash = ostreeHash
        self.apps = apps
    }

    public var isEmpty: Bool { tags == nil && target == nil && ostreeHash == nil && apps == nil }

    /// The check-in that the headers describe. Throws `.headerInvalid`; then nothing of it may be stored.
    public func parse() throws(FleetError) -> CheckIn {
        CheckIn(
            tag: try tags.map { (value) throws(FleetError) in try Self.tag(value) },
            target: try Self.text(target, header: "x-ats-target"),
            ostreeHash: try Self.text(ostreeHash, header: "x-ats-ostreehash"),
            apps: try apps.map { (value) throws(FleetError) in try Self.apps(value) })
    }

    /// Devices send all their tags on most requests, and only the first on `/repo/`: so the first one is the tag,
    /// and it is the same on all of them. Every tag of the list must be valid.
    private static func tag(_ value: String) throws(FleetError) -> Tag? {
        guard !value.isEmpty else { return nil }
        var first: Tag?
        for part in value.split(separator: ",", omittingEmptySubsequences: false) {
            do throws(UpdateTreeError) {
                let tag = try Tag(part)
                first = first ?? tag
            } catch {
                throw FleetError(.headerInvalid, "x-ats-tags: \(error.message)")
            }
        }
        return first
    }

    private static func text(_ value: String?, header: String) throws(FleetError) -> String?? {
        guard let value else { return nil }
        guard value.utf8.count <= longestValue, value.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw FleetError(.headerInvalid, "\(header) must be at most \(longestValue) printable ASCII bytes")
        }
        return .some(value.isEmpty ? nil : value)
    }

    private static func apps(_ value: String) throws(FleetError) -> [String] {
        guard value.utf8.count <= longestApps, value.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw FleetError(.headerInvalid, "x-ats-dockerapps must be at most \(longestApps) printable ASCII bytes")
        }
        return value.split(separator: ",").map(String.init)
    }
}
