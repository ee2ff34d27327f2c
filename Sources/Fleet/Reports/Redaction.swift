/// Takes secrets out of a device's TOML before it is shown.
///
/// Rather too much than too little: a value goes as a whole when any key on its line ends with a word for a secret.
public enum Redaction {
    private static let secrets = ["pin", "pass", "password", "passwd", "passphrase", "secret", "token", "privatekey", "apikey"]

    /// Every value whose key ends with a word for a secret becomes `"…"`, also inside inline tables, over several
    /// lines, and with the key in quotes.
    public static func toml(_ text: String) -> String {
        var shown: [String] = []
        // What closes a secret value that goes on over the end of its line.
        var closing: String?
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            if let end = closing {
                if line.contains(end) { closing = nil }
                continue
            }
            guard let equals = line.firstIndex(of: "="), holdsSecret(line) else {
                shown.append(String(line))
                continue
            }
            closing = continuation(of: line[line.index(after: equals)...])
            shown.append("\(line[..<equals])= \"…\"")
        }
        return shown.joined(separator: "\n")
    }

    private static func holdsSecret(_ line: Substring) -> Bool {
        // Each piece but the last stands before an equals sign, and its end after the last comma or brace is the key.
        line.split(separator: "=", omittingEmptySubsequences: false).dropLast().contains { piece in
            let key = piece.split(whereSeparator: { $0 == "," || $0 == "{" }).last ?? ""
            let word = key.filter { $0.isLetter || $0.isNumber }.lowercased()
            return secrets.contains { word.hasSuffix($0) }
        }
    }

    private static func continuation(of value: Substring) -> String? {
        for quotes in ["\"\"\"", "'''"] {
            // Opened and not closed again: an odd count.
            if value.split(separator: quotes, omittingEmptySubsequences: false).count.isMultiple(of: 2) { return quotes }
        }
        return value.contains("[") && !value.contains("]") ? "]" : nil
    }
}
