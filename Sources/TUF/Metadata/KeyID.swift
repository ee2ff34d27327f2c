/// The name of a key in metadata. Opaque: old repositories compute it in other ways than new ones.
public struct KeyID: Hashable, Sendable, CustomStringConvertible {
    public let text: String

    public init(_ text: String) throws(TUFError) {
        guard (1...128).contains(text.utf8.count), text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw TUFError(.keyIDInvalid, "\(quoted(text)) is no key id; use 1 to 128 printable ASCII characters")
        }
        self.text = text
    }

    init(digest: some Sequence<UInt8>) { text = Hexadecimal.text(digest) }

    public var description: String { text }
}
