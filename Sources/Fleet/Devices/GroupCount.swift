/// A group and how many devices are in it.
public struct GroupCount: Equatable, Sendable {
    public let name: GroupName
    public let devices: Int
}

extension DeviceDirectory {
    /// The groups that have devices, in order of name; deleted devices are in none.
    public func groups() -> [GroupCount] {
        var counts: [GroupName: Int] = [:]
        for entry in all {
            let state = entry.state
            if let group = state.group, !state.isDeleted { counts[group, default: 0] += 1 }
        }
        return counts.map { GroupCount(name: $0.key, devices: $0.value) }.sorted { $0.name < $1.name }
    }
}
