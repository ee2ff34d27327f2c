/// Reads a filter. The grammar, loosest first:
///
///     filter     = all *("or" all)
///     all        = single *("and" single)
///     single     = "not" single / "(" filter ")" / "has" attribute / comparison / attribute
///     comparison = attribute relation value / attribute "in" "(" value *("," value) ")"
struct FilterParser {
    private var lexer: FilterLexer
    private(set) var token: FilterToken
    private var terms = 0

    init(_ text: String) throws(FleetError) {
        lexer = try FilterLexer(text)
        token = try lexer.next()
    }

    static func invalid(at position: Int, _ message: String) -> FleetError {
        FleetError(.filterInvalid, "character \(position): \(message)", position: position)
    }

    mutating func parse() throws(FleetError) -> FilterCondition {
        let condition = try any(depth: 0)
        guard token.kind == .end else {
            let hint = token.kind == .close ? "; this `)` has no `(`" : ""
            throw unexpected("`and`, `or` or the end\(hint)")
        }
        return condition
    }

    mutating func advance() throws(FleetError) { token = try lexer.next() }

    func unexpected(_ expected: String) -> FleetError {
        Self.invalid(at: token.position, "expected \(expected), found \(token.shown)")
    }

    private mutating func any(depth: Int) throws(FleetError) -> FilterCondition {
        var conditions = [try all(depth: depth)]
        while token.isKeyword("or") {
            try advance()
            conditions.append(try all(depth: depth))
        }
        return .any(joining: conditions)
    }

    private mutating func all(depth: Int) throws(FleetError) -> FilterCondition {
        var conditions = [try single(depth: depth)]
        while token.isKeyword("and") {
            try advance()
            conditions.append(try single(depth: depth))
        }
        return .all(joining: conditions)
    }

    private mutating func single(depth: Int) throws(FleetError) -> FilterCondition {
        guard depth <= FilterLimits.mostDepth else {
            throw Self.invalid(
                at: token.position, "parentheses and `not` are nested deeper than \(FilterLimits.mostDepth); write the filter flatter")
        }
        if token.isKeyword("not") {
            try advance()
            return .not(try single(depth: depth + 1))
        }
        guard token.kind == .open else { return .term(try term()) }
        let opened = token.position
        try advance()
        let condition = try any(depth: depth + 1)
        guard token.kind == .close else { throw unexpected("`and`, `or` or the `)` of the `(` at character \(opened)") }
        try advance()
        return condition
    }

    private mutating func term() throws(FleetError) -> FilterTerm {
        try count()
        if token.isKeyword("has") {
            try advance()
            let (attribute, position) = try attribute(after: "`has`")
            guard attribute.kind != .flag else {
                throw Self.invalid(at: position, "every device is \(attribute.text) or not; write `\(attribute.text)=true`")
            }
            return FilterTerm(attribute: attribute, test: .exists)
        }
        let (attribute, _) = try attribute(after: nil)
        if token.isKeyword("in") { return FilterTerm(attribute: attribute, test: try list(of: attribute)) }
        guard case .relation(let relation) = token.kind else {
            return FilterTerm(attribute: attribute, test: attribute.kind == .flag ? .flag(true) : .exists)
        }
        return FilterTerm(attribute: attribute, test: try comparison(of: attribute, relation))
    }

    private mutating func attribute(after keyword: String?) throws(FleetError) -> (FilterAttribute, Int) {
        let position = token.position
        guard case .word(let text) = token.kind, !FilterWord.keywords.contains(text.lowercased()) else {
            throw unexpected(keyword.map { "an attribute after \($0)" } ?? "a condition such as `tag=main`")
        }
        do throws(FleetError) {
            let attribute = try FilterAttribute(text)
            try advance()
            return (attribute, position)
        } catch {
            throw error.position == nil ? Self.invalid(at: position, error.message) : error
        }
    }

    /// Counts a comparison or a value of a list.
    mutating func count() throws(FleetError) {
        terms += 1
        guard terms <= FilterLimits.mostTerms else {
            throw Self.invalid(
                at: token.position, "the filter has more than \(FilterLimits.mostTerms) comparisons and values; ask for less at once")
        }
    }
}
