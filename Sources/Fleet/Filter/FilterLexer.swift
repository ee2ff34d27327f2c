/// Cuts a filter's text into tokens, one at a time.
struct FilterLexer {
    private let scalars: [Unicode.Scalar]
    private var offset = 0

    init(_ text: String) throws(FleetError) {
        guard text.utf8.count <= FilterLimits.mostBytes else {
            throw FilterParser.invalid(
                at: 1, "the filter has \(text.utf8.count) bytes, at most \(FilterLimits.mostBytes) are possible; ask for less at once")
        }
        scalars = Array(text.unicodeScalars)
    }

    mutating func next() throws(FleetError) -> FilterToken {
        while offset < scalars.count, FilterWord.isSpace(scalars[offset]) { offset += 1 }
        let start = offset
        guard offset < scalars.count else { return FilterToken(kind: .end, position: start + 1) }
        let scalar = scalars[offset]
        if FilterWord.isBare(scalar) {
            while offset < scalars.count, FilterWord.isBare(scalars[offset]) { offset += 1 }
            return FilterToken(kind: .word(Self.text(scalars[start..<offset])), position: start + 1)
        }
        if scalar == "\"" { return FilterToken(kind: .quoted(try quoted()), position: start + 1) }
        offset += 1
        return FilterToken(kind: try mark(scalar, at: start + 1), position: start + 1)
    }

    private mutating func mark(_ scalar: Unicode.Scalar, at position: Int) throws(FleetError) -> FilterToken.Kind {
        switch scalar {
        case "(": return .open
        case ")": return .close
        case ",": return .comma
        case "=", "~": return .relation(String(scalar))
        case "<", ">", "!":
            if offset < scalars.count, scalars[offset] == "=" {
                offset += 1
                return .relation("\(scalar)=")
            }
            if scalar == "!" { throw FilterParser.invalid(at: position, "`!` stands only in `!=`; write `not` to turn a condition round") }
            return .relation(String(scalar))
        case "\\": throw FilterParser.invalid(at: position, "`\\` is possible only between quotes; write \"…\" around the value")
        default:
            throw FilterParser.invalid(
                at: position,
                "the character U+\(String(scalar.value, radix: 16, uppercase: true)) is not possible here; put quotes around values")
        }
    }

    /// What stands between quotes, cut at the stars. `\"`, `\\` and `\*` mean the second character.
    private mutating func quoted() throws(FleetError) -> [String] {
        let start = offset
        var pieces: [String.UnicodeScalarView] = [String.UnicodeScalarView()]
        offset += 1
        while offset < scalars.count {
            let scalar = scalars[offset]
            offset += 1
            switch scalar {
            case "\"": return pieces.map { String($0) }
            case "*": pieces.append(String.UnicodeScalarView())
            case "\\":
                guard offset < scalars.count, ["\"", "\\", "*"].contains(scalars[offset]) else {
                    throw FilterParser.invalid(at: offset, "expected `\"`, `\\` or `*` after `\\`")
                }
                pieces[pieces.count - 1].append(scalars[offset])
                offset += 1
            default:
                guard scalar.value >= 0x20, !(0x7F...0x9F).contains(scalar.value) else {
                    throw FilterParser.invalid(at: offset, "a value holds no control characters")
                }
                pieces[pieces.count - 1].append(scalar)
            }
        }
        throw FilterParser.invalid(at: start + 1, "the quotes that begin here never end; expected `\"`")
    }

    private static func text(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }
}
