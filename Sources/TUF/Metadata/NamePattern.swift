/// Shell patterns of delegations: `*`, `?` and `[…]`, none of which crosses a `/` (TUF §4.5).
enum NamePattern {
    static func matches(_ pattern: String, _ name: String) -> Bool {
        let patterns = pattern.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        let names = name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        return patterns.count == names.count && zip(patterns, names).allSatisfy { component(scalars($0), scalars($1)) }
    }

    /// A `?` stands for one code point, as in the reference implementation.
    private static func scalars(_ bytes: Substring.UTF8View) -> [Unicode.Scalar] { Array(Substring(bytes).unicodeScalars) }

    /// Goes back to the last star only, so a hostile pattern costs at most the product of the lengths.
    private static func component(_ pattern: [Unicode.Scalar], _ name: [Unicode.Scalar]) -> Bool {
        var p = 0
        var n = 0
        var star: (pattern: Int, name: Int)?
        while n < name.count {
            if p < pattern.count, pattern[p] == "*" {
                star = (p, n)
                p += 1
            } else if let next = step(pattern, p, name[n]) {
                p = next
                n += 1
            } else if let last = star {
                star = (last.pattern, last.name + 1)
                p = last.pattern + 1
                n = last.name + 1
            } else {
                return false
            }
        }
        return pattern[p...].allSatisfy { $0 == "*" }
    }

    /// Where the pattern goes on when its part at `p` takes `letter`; nil when it does not.
    private static func step(_ pattern: [Unicode.Scalar], _ p: Int, _ letter: Unicode.Scalar) -> Int? {
        guard p < pattern.count else { return nil }
        switch pattern[p] {
        case "?": return p + 1
        case "[": return set(pattern, p, letter)
        default: return pattern[p] == letter ? p + 1 : nil
        }
    }

    private static func set(_ pattern: [Unicode.Scalar], _ start: Int, _ letter: Unicode.Scalar) -> Int? {
        var p = start + 1
        let isNegated = p < pattern.count && pattern[p] == "!"
        if isNegated { p += 1 }
        let first = p
        var found = false
        while p < pattern.count, pattern[p] != "]" || p == first {
            if p + 2 < pattern.count, pattern[p + 1] == "-", pattern[p + 2] != "]" {
                if pattern[p] <= letter, letter <= pattern[p + 2] { found = true }
                p += 3
            } else {
                if pattern[p] == letter { found = true }
                p += 1
            }
        }
        // A bracket without its end stands for itself.
        guard p < pattern.count else { return letter == "[" ? start + 1 : nil }
        return found != isNegated ? p + 1 : nil
    }
}
