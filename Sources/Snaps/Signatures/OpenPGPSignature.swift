/// A signature of version 4 over a document, RSA with SHA-512: what snapd makes and nothing else (RFC 4880 §5.2.3).
struct OpenPGPSignature {
    /// What is hashed behind the document (RFC 4880 §5.2.4).
    let trailer: [UInt8]
    let value: [UInt8]

    init?(_ body: [UInt8]) {
        var reader = OpenPGPReader(body[...])
        guard let fixed = reader.take(4), fixed.elementsEqual([4, 0, 1, 10]), let count = reader.number(2), reader.take(count) != nil,
            let others = reader.number(2), reader.take(others) != nil, reader.take(2) != nil, let value = reader.integer(),
            reader.rest.isEmpty
        else { return nil }
        self.value = value
        let hashed = body.prefix(6 + count)
        trailer = hashed + [4, 0xFF] + [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: hashed.count >> $0) }
    }
}
