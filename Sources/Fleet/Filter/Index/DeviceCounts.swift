/// How many devices there are, and how many of each value of an attribute.
public struct DeviceCounts: Equatable, Sendable {
    public struct Group: Equatable, Sendable {
        /// Nil for those without the attribute.
        public let value: String?
        public let count: Int
    }

    public let total: Int
    /// The largest first.
    public let groups: [Group]
    /// Devices of the groups that were too many to be told.
    public let others: Int

    public static let mostGroups = 1000

    /// A device with several values counts in each.
    init(total: Int, counts: [String?: Int]) {
        let sorted = counts.sorted { ($1.value, $0.key ?? "") < ($0.value, $1.key ?? "") }
        self.total = total
        groups = sorted.prefix(Self.mostGroups).map { Group(value: $0.key, count: $0.value) }
        others = sorted.dropFirst(Self.mostGroups).reduce(0) { $0 + $1.value }
    }

    /// The attribute of that name. Throws `.attributeUnknown` when devices cannot be counted by it.
    public static func attribute(_ name: String) throws(FleetError) -> FilterAttribute {
        let attribute: FilterAttribute
        do throws(FleetError) {
            attribute = try FilterAttribute(name)
        } catch {
            throw FleetError(.attributeUnknown, "by: \(error.message)")
        }
        switch attribute.kind {
        case .past, .future:
            throw FleetError(
                .attributeUnknown, "by: \(attribute.text) differs from device to device; count with a filter such as `lastSeen<1d`")
        default: return attribute
        }
    }
}

extension DeviceFacts {
    /// The values that the device is counted under.
    func countedValues(_ attribute: FilterAttribute, now: Int64) -> [String?] {
        switch attribute.kind {
        case .flag: [String(flag(attribute, now: now))]
        case .number: [number(attribute).map { String($0) }]
        case .list: state.apps.isEmpty ? [nil] : Array(Set(state.apps))
        default: [text(attribute)]
        }
    }
}
