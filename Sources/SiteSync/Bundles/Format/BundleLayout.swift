import UpdateTree

/// Where things lie in a bundle.
enum BundleLayout {
    static let manifest = "bundle.json"
    static let signature = "bundle.sig"
    static let certificate = "bundle.crt"
    static let checksums = "checksums"
    static let leftOut = "left-out"
    /// There while a bundle is being made in a directory, and gone when it is whole.
    static let unfinished = "bundle.unfinished"

    static let folders = ["content", "updates"]
    static let files = [manifest, signature, certificate, checksums, leftOut, unfinished]

    /// Bytes of `bundle.sig` and `bundle.crt`.
    static let largestSignature = 1 << 20
    /// Bytes of `checksums` and `left-out`.
    static let largestList = 512 << 20

    static func inventory(of key: UpdateKey) -> String { "updates/\(key.path)/inventory" }
    static func file(_ path: String, of key: UpdateKey) -> String { "updates/\(key.path)/files/\(path)" }
    static func content(_ content: SharedContent) -> String { "content/\(content.pathInStore)" }
}
