/// One comparison of a filter.
struct FilterTerm: Hashable, Sendable {
    enum Relation: String, Hashable, Sendable, CaseIterable {
        case equal = "="
        case differs = "!="
        case less = "<"
        case lessOrEqual = "<="
        case greater = ">"
        case greaterOrEqual = ">="

        func holds(_ left: Int64, _ right: Int64) -> Bool {
            switch self {
            case .equal: left == right
            case .differs: left != right
            case .less: left < right
            case .lessOrEqual: left <= right
            case .greater: left > right
            case .greaterOrEqual: left >= right
            }
        }
    }

    enum Test: Hashable, Sendable {
        case exists
        /// `=` with one value, `in` with several.
        case anyOf([TextPattern])
        case differs(TextPattern)
        /// Lower-cased.
        case contains(String)
        case flag(Bool)
        case number(Relation, Int64)
        case anyNumber([Int64])
        /// Seconds of age, or until then.
        case duration(Relation, Int64)
        /// Seconds since 1970.
        case time(Relation, Int64)
    }

    let attribute: FilterAttribute
    let test: Test

    /// A device without the attribute fails every test but `!=`, which is the contrary of `=`.
    func matches(_ facts: DeviceFacts, now: Int64) -> Bool {
        switch test {
        case .exists: facts.has(attribute)
        case .anyOf(let patterns): any(facts) { value in patterns.contains { $0.matches(value) } }
        case .differs(let pattern): !any(facts) { pattern.matches($0) }
        case .contains(let part): any(facts) { value in value.lowercased()[...].utf8.end(of: part.utf8) != nil }
        case .flag(let expected): facts.flag(attribute, now: now) == expected
        case .number(let relation, let number), .time(let relation, let number):
            facts.number(attribute).map { relation.holds($0, number) } ?? (relation == .differs)
        case .anyNumber(let numbers): facts.number(attribute).map(numbers.contains) ?? false
        case .duration(let relation, let seconds):
            facts.number(attribute).map { relation.holds(attribute == .certificateEnds ? $0 &- now : now &- $0, seconds) } ?? false
        }
    }

    private func any(_ facts: DeviceFacts, _ holds: (String) -> Bool) -> Bool {
        if attribute == .app { return facts.state.apps.contains(where: holds) }
        return facts.text(attribute).map(holds) ?? false
    }
}
