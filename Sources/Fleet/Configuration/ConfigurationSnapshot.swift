/// The configuration of the fleet and of all groups at one moment.
public struct ConfigurationSnapshot: Sendable {
    struct Level: Sendable {
        let version: ConfigurationVersion
        /// The revision of its last change.
        let changed: UInt64
    }

    /// Moves with every change at any place, also at those that are not in here.
    public internal(set) var revision: UInt64
    var fleet: Level?
    var groups: [GroupName: Level] = [:]

    /// The revision of the last change that concerns the devices of a group.
    public func changed(for group: GroupName?) -> UInt64 { max(fleet?.changed ?? 1, group.flatMap { groups[$0]?.changed } ?? 1) }

    /// Whether files were ever set for the fleet or for a group. Only then is a device without files told so: before,
    /// what it has comes from elsewhere and is not ours to remove.
    public var isInUse: Bool { fleet != nil || !groups.isEmpty }

    /// What a device of this group gets.
    public func effective(for state: DeviceState, own: ConfigurationVersion?) -> EffectiveConfiguration {
        var levels: [(place: ConfigurationPlace, files: ConfigurationFiles)] = []
        if let fleet { levels.append((.fleet, fleet.version.files)) }
        if let group = state.group, let level = groups[group] { levels.append((.group(group), level.version.files)) }
        if let own { levels.append((.device(state.id), own.files)) }
        return EffectiveConfiguration(levels)
    }
}
