import DeviceAuth
import Fleet

/// The body of `POST /v1/devices/bulk`.
struct BulkRequest: Decodable, Sendable {
    /// Which of the two names the devices.
    enum Target: Sendable {
        case filter(Filter)
        case devices([DeviceID])
    }

    /// The word that the caller used for the action.
    let word: String
    let action: BulkAction
    let target: Target
    let isDryRun: Bool
    let expected: Int?

    private enum Member: CodingKey {
        case q, devices, action, name, group, labels, dryRun, expect
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Member.self)
        word = try container.decode(String.self, forKey: .action)
        action = try Self.action(word, container)
        target = try Self.target(container)
        isDryRun = try container.decodeIfPresent(Bool.self, forKey: .dryRun) ?? false
        expected = try container.decodeIfPresent(Int.self, forKey: .expect)
        if case .filter = target, !isDryRun, expected == nil {
            throw Problem(
                .badRequest, "expect-missing",
                "a filter changes devices only with \"expect\", the count that a dry run told; ask with \"dryRun\": true")
        }
    }

    private static func target(_ container: KeyedDecodingContainer<Member>) throws -> Target {
        let filter = try container.decodeIfPresent(String.self, forKey: .q)
        let devices = try container.decodeIfPresent([DeviceID].self, forKey: .devices)
        switch (filter, devices) {
        case (let filter?, nil): return .filter(try Filter(filter))
        case (nil, let devices?): return .devices(devices)
        default: throw invalid("name the devices either by \"q\" or by \"devices\"")
        }
    }

    private static func action(_ word: String, _ container: KeyedDecodingContainer<Member>) throws -> BulkAction {
        switch word {
        case "deny": return .deny
        case "undeny": return .undeny
        case "delete": return .delete
        case "rename":
            guard container.contains(.name) else { throw invalid("rename takes \"name\": a pattern with {uuid} in it, or null") }
            return .rename(try container.decodeIfPresent(String.self, forKey: .name).map { try NamePattern($0) })
        case "group":
            guard container.contains(.group) else { throw invalid("group takes \"group\": a name, or null") }
            return .change(AttributeChange(group: .some(try container.decodeIfPresent(GroupName.self, forKey: .group))))
        case "label":
            guard let labels = try container.decodeIfPresent([String: String?].self, forKey: .labels), !labels.isEmpty else {
                throw invalid("label takes \"labels\": keys with values, or with null to remove them")
            }
            return .change(AttributeChange(labels: labels))
        default: throw invalid("there is no action \(word.debugDescription); there are deny, undeny, delete, rename, label and group")
        }
    }

    private static func invalid(_ detail: String) -> Problem { Problem(.badRequest, "bulk-invalid", detail) }
}
