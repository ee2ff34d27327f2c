/// For bodies in which a member that is not known is a mistake, such as a word that was written wrong.
enum KnownMembers {
    private struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { return nil }
    }

    /// - Throws: `DecodingError`, which names the member.
    static func check(_ decoder: any Decoder, _ known: [String]) throws {
        let container = try decoder.container(keyedBy: Name.self)
        guard let other = container.allKeys.first(where: { !known.contains($0.stringValue) }) else { return }
        throw DecodingError.dataCorruptedError(
            forKey: Name(stringValue: String(other.stringValue.prefix(40))), in: container,
            debugDescription: "no such member; send \(known.joined(separator: ", "))")
    }
}
