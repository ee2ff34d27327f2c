import Fleet

/// The body of `PATCH /v1/devices/{uuid}`: a member that is absent keeps what there is, null takes it away.
struct AttributeRequest: Decodable, Sendable {
    let change: AttributeChange

    private enum Member: CodingKey {
        case name, group, labels
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Member.self)
        var change = AttributeChange()
        if container.contains(.name) { change.name = .some(try container.decodeIfPresent(DeviceName.self, forKey: .name)) }
        if container.contains(.group) { change.group = .some(try container.decodeIfPresent(GroupName.self, forKey: .group)) }
        change.labels = try container.decodeIfPresent([String: String?].self, forKey: .labels) ?? [:]
        self.change = change
    }
}
