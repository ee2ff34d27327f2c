/// The value of an `=`: a text, or a text in which `*` stands for any number of characters.
struct TextPattern: Hashable, Sendable {
    /// What stands between the stars; a single one without any star. Never empty.
    let pieces: [String]

    /// The text that it means when there is no star.
    var exact: String? { pieces.count == 1 ? pieces[0] : nil }

    func matches(_ text: String) -> Bool {
        if pieces.count == 1 { return text == pieces[0] }
        var rest = text.utf8[...]
        let (first, last) = (pieces[0].utf8, pieces[pieces.count - 1].utf8)
        guard rest.count >= first.count + last.count, rest.starts(with: first), rest.suffix(last.count).elementsEqual(last) else {
            return false
        }
        rest = rest.dropFirst(first.count).dropLast(last.count)
        // The leftmost place of each piece leaves the most room for those after it: no way back is ever needed.
        for piece in pieces.dropFirst().dropLast() {
            guard let end = rest.end(of: piece.utf8) else { return false }
            rest = rest[end...]
        }
        return true
    }
}

extension Substring.UTF8View {
    /// Where the first occurrence of `part` ends.
    func end(of part: String.UTF8View) -> Index? {
        guard let first = part.first else { return startIndex }
        var place = self
        let length = part.count
        while let start = place.firstIndex(of: first) {
            place = place[start...]
            guard place.count >= length else { return nil }
            if place.starts(with: part) { return place.index(start, offsetBy: length) }
            place = place.dropFirst()
        }
        return nil
    }
}
