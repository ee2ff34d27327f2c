/// Takes secrets out of a device's TOML before it is shown.
public enum Redaction {
    private static let secrets = ["pin", "pass", "password", "secret", "token", "key_pass"]

    /// Every value whose key is or ends with a word for a secret becomes `"…"`.
    public static func toml(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            guard let equals = line.firstIndex(of: "=") else { return String(line) }
            let key = line[..<equals].filter { $0 != " " && $0 != "\t" && $0 != "\"" && $0 != "'" }.lowercased()
            let isSecret = secrets.contains { key == $0 || key.hasSuffix("_\($0)") || key.hasSuffix(".\($0)") }
            return isSecret ? "\(line[..<equals])= \"…\"" : String(line)
        }.joined(separator: "\n")
    }
}
