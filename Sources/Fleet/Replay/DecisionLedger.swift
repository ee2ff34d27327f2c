/// Matches transitions with the notes that say why: each line has one, and each note its lines.
struct DecisionLedger {
    private var transitions: [(line: Int, text: String, word: String)] = []

    mutating func take(_ line: RolloutLine, at number: Int) { transitions.append((number, line.text, line.word)) }

    /// What notes tell of: lines as a whole, and how many of which kind.
    private static func told(_ notes: [RolloutNote]) -> (lines: [String: Int], words: [String: Int]) {
        var lines: [String: Int] = [:]
        var words: [String: Int] = [:]
        for note in notes {
            if note.what.contains(": ") {
                lines[note.what, default: 0] += 1
                continue
            }
            for part in note.what.split(separator: ", ") {
                let pieces = part.split(separator: " × ", maxSplits: 1)
                words[String(pieces[0]), default: 0] += pieces.count == 2 ? Int(pieces[1]) ?? 1 : 1
            }
        }
        return (lines, words)
    }

    /// Transitions without a note.
    func unmatchedLines(_ notes: [RolloutNote]) -> [(sentence: String, line: Int)] {
        var (lines, words) = Self.told(notes)
        return transitions.compactMap { transition in
            if Self.use(transition.text, of: &lines) || Self.use(transition.word, of: &words) { return nil }
            return ("decisions does not say why: \(transition.text)", transition.line)
        }
    }

    /// What notes tell and no line does. About devices it is enough that there may be such a line.
    func unmatchedNotes(_ notes: [RolloutNote]) -> [String] {
        var (lines, words) = Self.told(notes)
        for transition in transitions where !Self.use(transition.text, of: &lines) { _ = Self.use(transition.word, of: &words) }
        let left = Array(lines) + Array(words)
        return left.filter { $0.value > 0 && !$0.key.hasPrefix("DEVICE_") }.map(\.key).sorted()
    }

    private static func use(_ key: String, of counts: inout [String: Int]) -> Bool {
        guard let count = counts[key], count > 0 else { return false }
        counts[key] = count - 1
        return true
    }
}
