/// What a superblock says of one part of its delta.
struct DeltaPart {
    /// Of the part as it is stored.
    let checksum: Checksum
    /// Bytes of the part as it is stored; two readings when the superblock does not say in which order it has numbers.
    let sizes: [UInt64]
    /// Where the part stands in the superblock; nil when it is a file.
    let inline: Range<Int>?

    /// Reads a part's number as ostree writes it: decimal, without zeros in front.
    static func number(_ text: some Collection<UInt8>) -> Int? {
        guard let number = Int(String(decoding: text, as: UTF8.self)), number >= 0, text.elementsEqual(String(number).utf8) else {
            return nil
        }
        return number
    }
}
