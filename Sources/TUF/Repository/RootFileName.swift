/// `N.root.json`, N without leading zeros.
enum RootFileName {
    private static let suffix = ".root.json"

    static func text(_ version: Int64) -> String { "\(version)\(suffix)" }

    static func version(_ name: String) -> Int64? {
        guard name.hasSuffix(suffix), let version = Int64(name.dropLast(suffix.count)), version >= 1, text(version) == name else {
            return nil
        }
        return version
    }
}
