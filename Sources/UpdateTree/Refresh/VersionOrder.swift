/// The order of image versions as devices see it: runs of digits count as numbers, the rest byte by byte.
enum VersionOrder {
    static func precedes(_ left: String, _ right: String) -> Bool {
        let (a, b) = (pieces(left), pieces(right))
        for (x, y) in zip(a, b) where x != y {
            switch (x, y) {
            case (.number(let m), .number(let n)): return m.count == n.count ? m < n : m.count < n.count
            case (.text(let m), .text(let n)): return m.utf8.lexicographicallyPrecedes(n.utf8)
            case (.number, .text): return true
            case (.text, .number): return false
            }
        }
        return a.count < b.count
    }

    /// A version above `version` and below the next one that a build would give: `43` → `43.1` → `43.2`.
    static func successor(of version: String) -> String {
        let parts = version.split(separator: ".", omittingEmptySubsequences: false)
        if parts.count > 1, let last = parts.last, let number = Int(last), number < .max {
            return parts.dropLast().joined(separator: ".") + ".\(number + 1)"
        }
        return version + ".1"
    }

    private enum Piece: Equatable {
        /// Without leading zeros.
        case number(String)
        case text(String)
    }

    private static func pieces(_ version: String) -> [Piece] {
        var pieces: [Piece] = []
        var rest = Substring(version)
        while let first = rest.first {
            let isDigit = first.isASCII && first.isNumber
            let run = rest.prefix { ($0.isASCII && $0.isNumber) == isDigit }
            rest = rest.dropFirst(run.count)
            pieces.append(isDigit ? .number(String(run.drop { $0 == "0" })) : .text(String(run)))
        }
        return pieces
    }
}
