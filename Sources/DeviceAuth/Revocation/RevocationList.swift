import SwiftASN1
import X509

/// A certificate revocation list, version 2 (RFC 5280 §5), as its issuer signed it.
///
/// ```swift
/// let list = try RevocationList(der: bytes, name: "crl/device-ca.pem")
/// guard list.isSigned(by: authority) else { … }
/// ```
struct RevocationList: Sendable {
    /// How the list is called in messages: its file.
    let name: String
    let issuer: DistinguishedName
    let thisUpdate: UTCMoment
    let nextUpdate: UTCMoment
    /// The CRL number as minimal big-endian bytes; absent in lists of issuers that keep none.
    let number: [UInt8]?
    let authorityKeyIdentifier: ArraySlice<UInt8>?
    let entries: [Entry]

    let scheme: SignatureScheme
    let signedBytes: ArraySlice<UInt8>
    let signature: ArraySlice<UInt8>

    /// The largest list that is read: about a hundred thousand entries.
    static let maximumSize = 4 << 20

    struct Entry: Sendable {
        let serial: CertificateSerial
        /// The entry's DER, kept so that a new list carries it on unchanged.
        let encoded: ArraySlice<UInt8>
    }

    /// Whether `authority` issued the list: its name, its key identifier and its signature.
    func isSigned(by authority: Authority) -> Bool {
        isIssued(inTheNameOf: authority)
            && authority.key.isValidSignature(signature, for: signedBytes, signatureAlgorithm: scheme.algorithm)
    }

    func isIssued(inTheNameOf authority: Authority) -> Bool {
        issuer == authority.subject && authority.matches(keyIdentifier: authorityKeyIdentifier)
    }
}
