/// What an operator changes of a device's attributes; what is not said stays as it is.
public struct AttributeChange: Equatable, Sendable {
    /// Of both, the outer nil means "keep" and the inner one "none".
    public var name: DeviceName??
    public var group: GroupName??
    /// By key; a nil value removes the label.
    public var labels: [String: String?]

    public init(name: DeviceName?? = nil, group: GroupName?? = nil, labels: [String: String?] = [:]) {
        self.name = name
        self.group = group
        self.labels = labels
    }

    public var isEmpty: Bool { name == nil && group == nil && labels.isEmpty }

    /// Throws `.attributeInvalid`, and leaves the state alone, when a label cannot be used or there would be too many.
    public func apply(to state: inout DeviceState) throws(FleetError) {
        var changed = state.labels
        // Removals first, so that a label can take the place of another one at the limit. In order of key, so that of
        // several faults the same one is named each time.
        let ordered = labels.sorted { ($0.value == nil ? 0 : 1, $0.key) < ($1.value == nil ? 0 : 1, $1.key) }
        for (key, value) in ordered { try changed.set(key, to: value) }
        state.labels = changed
        if let name { state.name = name }
        if let group { state.group = group }
    }
}
