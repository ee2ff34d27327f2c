import Snaps

/// The names of a list as one text, and back. Most devices of a model have the same ones: these share one array.
struct SnapNameList {
    private var known: [String: [SnapName]] = ["": []]

    /// No name holds a comma.
    static func text(_ names: [SnapName]) -> String { names.map(\.text).joined(separator: ",") }

    mutating func names(_ text: String) throws(SnapsError) -> [SnapName] {
        if let names = known[text] { return names }
        var names: [SnapName] = []
        for name in text.split(separator: ",") { names.append(try SnapName(name)) }
        known[text] = names
        return names
    }
}
