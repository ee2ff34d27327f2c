extension FilterTerm: CustomStringConvertible {
    /// In canonical form.
    var description: String {
        let name = attribute.text
        return switch test {
        case .exists: "has \(name)"
        case .anyOf(let patterns) where patterns.count == 1: "\(name)=\(FilterWord.text(patterns[0]))"
        case .anyOf(let patterns): "\(name) in (\(patterns.map(FilterWord.text).joined(separator: ", ")))"
        case .differs(let pattern): "\(name)!=\(FilterWord.text(pattern))"
        case .contains(let part): "\(name)~\(FilterWord.text(part))"
        case .flag(let expected): "\(name)=\(expected)"
        case .number(let relation, let number): "\(name)\(relation.rawValue)\(number)"
        case .anyNumber(let numbers): "\(name) in (\(numbers.map(String.init).joined(separator: ", ")))"
        case .duration(let relation, let seconds): "\(name)\(relation.rawValue)\(FilterTime.text(duration: seconds))"
        case .time(let relation, let seconds): "\(name)\(relation.rawValue)\(FilterTime.text(time: seconds))"
        }
    }
}

/// How values are written: bare where nothing can be mistaken, in quotes otherwise.
enum FilterWord {
    static let keywords: Set<String> = ["and", "or", "not", "in", "has"]

    /// What a word without quotes may hold: everything but spaces, control characters and what the grammar uses.
    static func isBare(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "(", ")", ",", "=", "!", "<", ">", "~", "\"", "\\": false
        default: scalar.value > 0x20 && !(0x7F...0xA0).contains(scalar.value) && !scalar.properties.isWhitespace
        }
    }

    static func isSpace(_ scalar: Unicode.Scalar) -> Bool { scalar == " " || scalar == "\t" || scalar == "\n" || scalar == "\r" }

    /// A value of `~`: a star is a star.
    static func text(_ value: String) -> String { text(TextPattern(pieces: [value]), starsAreEscaped: false) }

    static func text(_ pattern: TextPattern) -> String { text(pattern, starsAreEscaped: true) }

    private static func text(_ pattern: TextPattern, starsAreEscaped: Bool) -> String {
        let bare = pattern.pieces.joined(separator: "*")
        let isPlain = pattern.pieces.allSatisfy { $0.unicodeScalars.allSatisfy { isBare($0) && !(starsAreEscaped && $0 == "*") } }
        if isPlain, !bare.isEmpty, !keywords.contains(bare.lowercased()) { return bare }
        let pieces = pattern.pieces.map { escaped($0, starsAreEscaped: starsAreEscaped) }
        return "\"\(pieces.joined(separator: "*"))\""
    }

    private static func escaped(_ text: String, starsAreEscaped: Bool) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if scalar == "\"" || scalar == "\\" || (scalar == "*" && starsAreEscaped) { result.append("\\") }
            result.append(scalar)
        }
        return String(result)
    }
}
