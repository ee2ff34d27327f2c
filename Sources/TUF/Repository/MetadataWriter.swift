import StrictJSON

/// Writes signed metadata of both profiles: compact, sorted, ASCII.
///
/// What is signed differs where a PEM key stands in it: `standard` signs it with raw line ends, `fio` as it stands in the
/// file. The file is ordinary JSON in both, so its bytes are its canonical form.
enum MetadataWriter {
    static let specification = "1.0.31"

    /// The member `signed` of a role.
    static func signed(
        _ role: TopRole, profile: Profile, version: Int64, expires: MetadataTime, _ members: [(name: String, value: JSONValue)]
    ) -> JSONValue {
        var all: [(name: String, value: JSONValue)] = [
            ("_type", .string(profile.typeName(of: role))), ("version", .integer(version)), ("expires", .string(expires.description)),
        ]
        if profile == .standard { all.append(("spec_version", .string(specification))) }
        return .object(all + members)
    }

    /// The bytes that signatures are over.
    static func message(_ signed: JSONValue, profile: Profile) throws(TUFError) -> [UInt8] {
        try PortableText.check(signed)
        return CanonicalJSON.bytes(of: signed, profile == .fio ? .ordinary : .minimal)
    }

    static func file(_ signed: JSONValue, signatures: [Signature], profile: Profile) throws(TUFError) -> [UInt8] {
        let document = JSONValue.object([
            ("signatures", .array(signatures.map { $0.document(profile: profile) })), ("signed", signed),
        ])
        try PortableText.check(document)
        return CanonicalJSON.bytes(of: document, .ordinary)
    }

    static func file(_ signed: JSONValue, signedBy signers: [Signer], profile: Profile) throws(TUFError) -> [UInt8] {
        let message = try message(signed, profile: profile)
        var signatures: [Signature] = []
        for signer in signers where !signatures.contains(where: { $0.keyID == signer.keyID }) {
            signatures.append(try signer.signature(of: message, profile: profile))
        }
        return try file(signed, signatures: signatures, profile: profile)
    }

    /// Bytes of one file that clients of the profile take.
    static func limit(_ role: TopRole, profile: Profile) -> Int {
        switch (profile, role) {
        case (.fio, .targets): 8 << 20
        case (.fio, _): 64 << 10
        case (.standard, .root): 512_000
        case (.standard, .timestamp): 16_384
        case (.standard, .snapshot): 2_000_000
        case (.standard, .targets): 5_000_000
        }
    }
}
