/// Which devices have, or had, a value of an attribute.
///
/// A device that changes is added where it is now and stays where it was: whoever asks looks at the device itself
/// anyway, so that too many cost time and no truth. When those that are there for nothing outnumber the devices, all
/// is built anew; a change costs the same on the average, whatever the size of the fleet.
struct Postings: Sendable {
    private struct Key: Hashable, Sendable {
        let attribute: FilterAttribute
        let value: String
    }

    private static let attributes: [FilterAttribute] = [.tag, .group, .update, .target, .status, .channel, .hardware]

    private var slots: [Key: [UInt32]] = [:]
    private(set) var outdated = 0

    mutating func add(_ state: DeviceState, at slot: UInt32) {
        let facts = DeviceFacts(state: state, lastSeen: 0)
        for attribute in Self.attributes { add(attribute, facts.text(attribute), at: slot) }
        for (key, value) in state.labels.values { add(.label(key), value, at: slot) }
    }

    mutating func change(_ old: DeviceState, to new: DeviceState, at slot: UInt32) {
        let before = DeviceFacts(state: old, lastSeen: 0)
        let after = DeviceFacts(state: new, lastSeen: 0)
        for attribute in Self.attributes { change(attribute, before.text(attribute), after.text(attribute), at: slot) }
        guard old.labels != new.labels else { return }
        for key in Set(old.labels.values.keys).union(new.labels.values.keys) {
            change(.label(key), old.labels[key], new.labels[key], at: slot)
        }
    }

    /// At least the devices of which the condition is true; nil when it may be any.
    func candidates(for condition: FilterCondition, capacity: Int, slot: (String) -> UInt32?) -> SlotSet? {
        switch condition {
        case .term(let term): candidates(for: term, capacity: capacity, slot: slot)
        case .not: nil
        case .all(let conditions):
            conditions.reduce(nil as SlotSet?) { found, condition in
                guard let next = candidates(for: condition, capacity: capacity, slot: slot) else { return found }
                guard var found else { return next }
                found.formIntersection(next)
                return found
            }
        case .any(let conditions):
            conditions.dropFirst().reduce(candidates(for: conditions[0], capacity: capacity, slot: slot)) { found, condition in
                guard var found, let next = candidates(for: condition, capacity: capacity, slot: slot) else { return nil }
                found.formUnion(next)
                return found
            }
        }
    }

    private func candidates(for term: FilterTerm, capacity: Int, slot: (String) -> UInt32?) -> SlotSet? {
        guard case .anyOf(let patterns) = term.test, isIndexed(term.attribute) else { return nil }
        var found = SlotSet(capacity: capacity)
        for pattern in patterns {
            guard let value = pattern.exact else { return nil }
            if term.attribute == .uuid {
                if let slot = slot(value) { found.insert(slot) }
            } else {
                for slot in slots[Key(attribute: term.attribute, value: value)] ?? [] { found.insert(slot) }
            }
        }
        return found
    }

    private func isIndexed(_ attribute: FilterAttribute) -> Bool {
        if case .label = attribute { return true }
        return attribute == .uuid || Self.attributes.contains(attribute)
    }

    private mutating func add(_ attribute: FilterAttribute, _ value: String?, at slot: UInt32) {
        guard let value else { return }
        slots[Key(attribute: attribute, value: value), default: []].append(slot)
    }

    private mutating func change(_ attribute: FilterAttribute, _ old: String?, _ new: String?, at slot: UInt32) {
        guard old != new else { return }
        if old != nil { outdated += 1 }
        add(attribute, new, at: slot)
    }
}
