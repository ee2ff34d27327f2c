/// What stands to the right of an attribute.
extension FilterParser {
    mutating func comparison(of attribute: FilterAttribute, _ text: String) throws(FleetError) -> FilterTerm.Test {
        try check(text, for: attribute)
        try advance()
        guard let relation = FilterTerm.Relation(rawValue: text) else {
            return .contains(try value(after: text).joined(separator: "*").lowercased())
        }
        switch attribute.kind {
        case .text, .list, .choice:
            let pattern = try pattern(of: attribute, after: text)
            return relation == .differs ? .differs(pattern) : .anyOf([pattern])
        case .flag: return .flag(try flag(after: text) == (relation == .equal))
        case .number: return .number(relation, try number(after: text))
        case .past, .future: return try time(relation)
        }
    }

    /// The list of an `in`.
    mutating func list(of attribute: FilterAttribute) throws(FleetError) -> FilterTerm.Test {
        try check("in", for: attribute)
        try advance()
        guard token.kind == .open else { throw unexpected("`(` after `in`") }
        var patterns: [TextPattern] = []
        var numbers: [Int64] = []
        repeat {
            let before = token.kind == .open ? "(" : ","
            try advance()
            // The comparison as a whole counted for the first one.
            if before == "," { try count() }
            if attribute.kind == .number {
                numbers.append(try number(after: before))
            } else {
                patterns.append(try pattern(of: attribute, after: before))
            }
        } while token.kind == .comma
        guard token.kind == .close else { throw unexpected("`,` or `)`") }
        try advance()
        if attribute.kind != .number { return .anyOf(patterns) }
        return numbers.count == 1 ? .number(.equal, numbers[0]) : .anyNumber(numbers)
    }

    private func check(_ relation: String, for attribute: FilterAttribute) throws(FleetError) {
        let possible: [String] =
            switch attribute.kind {
            case .text, .list: ["=", "!=", "~", "in"]
            case .choice: ["=", "!=", "in"]
            case .flag: ["=", "!="]
            case .number: ["=", "!=", "<", "<=", ">", ">=", "in"]
            case .past, .future: ["=", "!=", "<", "<=", ">", ">="]
            }
        guard possible.contains(relation) else {
            let list = possible.map { "`\($0)`" }.joined(separator: " ")
            throw Self.invalid(at: token.position, "`\(relation)` does not go with `\(attribute.text)`; expected one of \(list)")
        }
    }

    /// A word or a text in quotes, cut at its stars.
    private mutating func value(after before: String) throws(FleetError) -> [String] {
        let pieces: [String]
        switch token.kind {
        case .word(let text): pieces = text.split(separator: "*", omittingEmptySubsequences: false).map(String.init)
        case .quoted(let quoted): pieces = quoted
        default: throw unexpected("a value after `\(before)`")
        }
        try advance()
        return pieces
    }

    private mutating func pattern(of attribute: FilterAttribute, after before: String) throws(FleetError) -> TextPattern {
        let found = token
        let pattern = TextPattern(pieces: try value(after: before))
        guard case .choice(let words) = attribute.kind else { return pattern }
        guard let word = pattern.exact, words.contains(word) else {
            throw Self.invalid(
                at: found.position, "expected one of \(words.joined(separator: ", ")) as `\(attribute.text)`, found \(found.shown)")
        }
        return pattern
    }

    private mutating func flag(after before: String) throws(FleetError) -> Bool {
        let found = token
        switch try value(after: before) {
        case ["true"]: return true
        case ["false"]: return false
        default: throw Self.invalid(at: found.position, "expected true or false, found \(found.shown)")
        }
    }

    private mutating func number(after before: String) throws(FleetError) -> Int64 {
        let found = token
        guard let number = FilterTime.number(try value(after: before).joined(separator: "*")) else {
            throw Self.invalid(
                at: found.position, "expected a whole number of at most \(FilterLimits.mostDigits) digits, found \(found.shown)")
        }
        return number
    }

    private mutating func time(_ relation: FilterTerm.Relation) throws(FleetError) -> FilterTerm.Test {
        let found = token
        let text = try value(after: relation.rawValue).joined(separator: "*")
        if let time = FilterTime.time(text) { return .time(relation, time) }
        guard let duration = FilterTime.duration(text) else {
            throw Self.invalid(
                at: found.position,
                "expected a duration such as 7d (units s m h d w, at most 36500d) or a time such as 2026-01-31T12:00:00Z, found \(found.shown)"
            )
        }
        guard relation != .equal, relation != .differs else {
            throw Self.invalid(at: found.position, "a duration goes with `<` `<=` `>` `>=`; with `\(relation.rawValue)` write a time")
        }
        return .duration(relation, duration)
    }
}
