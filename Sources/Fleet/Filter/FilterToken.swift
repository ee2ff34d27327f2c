/// A piece of a filter's text.
struct FilterToken: Equatable, Sendable {
    enum Kind: Equatable, Sendable {
        case word(String)
        /// Pieces between stars that are not escaped.
        case quoted([String])
        case relation(String)
        case open, close, comma, end
    }

    let kind: Kind
    /// In Unicode scalars, from 1.
    let position: Int

    /// As messages show it.
    var shown: String {
        switch kind {
        case .word(let text): "`\(text.prefix(40))`"
        case .quoted(let pieces): "\"\(pieces.joined(separator: "*").prefix(40))\""
        case .relation(let text): "`\(text)`"
        case .open: "`(`"
        case .close: "`)`"
        case .comma: "`,`"
        case .end: "the end"
        }
    }

    func isKeyword(_ keyword: String) -> Bool {
        if case .word(let text) = kind { text.utf8.count == keyword.utf8.count && text.lowercased() == keyword } else { false }
    }
}
