import SwiftASN1
import X509

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension RevocationList {
    /// One year: the list is renewed with every revocation, and a list that ends shuts every device out.
    static let lifetime: Duration = .seconds(365 * 86_400)

    /// The DER of a new list of `issuer` with `entries`, each given as DER.
    static func sign(
        by issuer: Issuer, number: [UInt8], entries: [ArraySlice<UInt8>], now: Date
    ) throws(DeviceAuthError) -> [UInt8] {
        guard issuer.authority.signsRevocationLists else {
            throw DeviceAuthError(
                .authorityUnsuitable,
                "the authority \(issuer.authority.title) may not sign lists (keyUsage lacks cRLSign): renew it with cRLSign"
            )
        }
        return try Issuer.cryptography {
            let body = try body(issuer, number, entries, now: now)
            let signature = try issuer.signature(over: body)
            var coder = DER.Serializer()
            try coder.appendConstructedNode(identifier: .sequence) { coder in
                coder.serializeRawBytes(body)
                coder.serializeRawBytes(issuer.scheme.algorithmIdentifier)
                try coder.serialize(ASN1BitString(bytes: signature[...]))
            }
            return coder.serializedBytes
        }
    }

    private static func body(_ issuer: Issuer, _ number: [UInt8], _ entries: [ArraySlice<UInt8>], now: Date) throws
        -> [UInt8]
    {
        var coder = DER.Serializer()
        try coder.appendConstructedNode(identifier: .sequence) { coder in
            try coder.serialize(1)
            coder.serializeRawBytes(issuer.scheme.algorithmIdentifier)
            try coder.serialize(issuer.authority.subject)
            try UTCMoment(Issuer.begin(now)).serialize(into: &coder)
            try UTCMoment(now.advanced(by: lifetime.interval)).serialize(into: &coder)
            // RFC 5280 §5.1.2.6: without entries the element is absent.
            if !entries.isEmpty {
                coder.appendConstructedNode(identifier: .sequence) { coder in
                    for entry in entries { coder.serializeRawBytes(entry) }
                }
            }
            try coder.serialize(explicitlyTaggedWithTagNumber: 0, tagClass: .contextSpecific) { coder in
                try coder.serializeSequenceOf([
                    try Certificate.Extension(
                        AuthorityKeyIdentifier(keyIdentifier: issuer.keyIdentifier), critical: false),
                    Certificate.Extension(oid: .crlNumber, critical: false, value: try encoded(number[...])[...]),
                ])
            }
        }
        return coder.serializedBytes
    }

    /// A new entry: this serial, revoked now.
    static func entry(_ serial: CertificateSerial, now: Date) throws(DeviceAuthError) -> ArraySlice<UInt8> {
        try Issuer.cryptography {
            var coder = DER.Serializer()
            try coder.appendConstructedNode(identifier: .sequence) { coder in
                try coder.serialize(serial.bytes[...])
                try UTCMoment(now).serialize(into: &coder)
            }
            return coder.serializedBytes[...]
        }
    }

    /// The number after this list's, as minimal big-endian bytes.
    static func number(after number: [UInt8]?) -> [UInt8] {
        var digits = number ?? []
        for index in digits.indices.reversed() {
            digits[index] &+= 1
            if digits[index] != 0 { return digits }
        }
        return [1] + digits
    }

    private static func encoded(_ number: ArraySlice<UInt8>) throws -> [UInt8] {
        var coder = DER.Serializer()
        try coder.serialize(number)
        return coder.serializedBytes
    }
}
