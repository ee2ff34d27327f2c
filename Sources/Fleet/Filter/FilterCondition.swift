/// A filter as a tree. Lists of `and` and `or` hold two at least, and none of their own kind.
indirect enum FilterCondition: Hashable, Sendable {
    case term(FilterTerm)
    case not(FilterCondition)
    case all([FilterCondition])
    case any([FilterCondition])

    func matches(_ facts: DeviceFacts, now: Int64) -> Bool {
        switch self {
        case .term(let term): term.matches(facts, now: now)
        case .not(let condition): !condition.matches(facts, now: now)
        case .all(let conditions): conditions.allSatisfy { $0.matches(facts, now: now) }
        case .any(let conditions): conditions.contains { $0.matches(facts, now: now) }
        }
    }

    /// Conditions that stood in parentheses within a list of the same kind join it.
    static func all(joining conditions: [FilterCondition]) -> FilterCondition {
        let flat = conditions.flatMap { condition in
            if case .all(let inner) = condition { inner } else { [condition] }
        }
        return flat.count == 1 ? flat[0] : .all(flat)
    }

    static func any(joining conditions: [FilterCondition]) -> FilterCondition {
        let flat = conditions.flatMap { condition in
            if case .any(let inner) = condition { inner } else { [condition] }
        }
        return flat.count == 1 ? flat[0] : .any(flat)
    }
}

extension FilterCondition: CustomStringConvertible {
    /// Canonical, with parentheses only where they are needed: never nested deeper than what was read.
    var description: String {
        switch self {
        case .term(let term): term.description
        case .not(let condition): "not \(condition.textWithinNot)"
        case .all(let conditions): conditions.map(\.textWithinAll).joined(separator: " and ")
        case .any(let conditions): conditions.map(\.description).joined(separator: " or ")
        }
    }

    private var textWithinNot: String {
        switch self {
        case .all, .any: "(\(self))"
        case .term, .not: description
        }
    }

    private var textWithinAll: String {
        if case .any = self { "(\(self))" } else { description }
    }
}
