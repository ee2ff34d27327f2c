import SwiftASN1
import X509

/// The extensions of a revocation list that are understood; any other critical one makes the list unusable (RFC 5280 §5.2).
///
/// That refuses delta lists and lists for a part of the certificates (issuingDistributionPoint) as well: taking
/// either for the complete list would leave revoked devices in.
struct CRLExtensions {
    private(set) var number: [UInt8]?
    private(set) var authorityKeyIdentifier: ArraySlice<UInt8>?
    let isEmpty: Bool

    init() { isEmpty = true }

    init(explicitlyTagged node: ASN1Node) throws {
        isEmpty = false
        let extensions = try DER.explicitlyTagged(node, tagNumber: 0, tagClass: .contextSpecific) { node in
            try Self.decode(node)
        }
        for item in extensions {
            switch item.oid {
            case .crlNumber:
                let number = try ArraySlice<UInt8>(derEncoded: item.value)
                guard number.count <= 20 else { throw RevocationList.Defect("its number is longer than 20 bytes") }
                self.number = Array(number)
            case .X509ExtensionID.authorityKeyIdentifier:
                authorityKeyIdentifier = try AuthorityKeyIdentifier(item).keyIdentifier
            default:
                guard !item.critical else {
                    throw RevocationList.Defect("its critical extension \(item.oid) is not understood")
                }
            }
        }
    }

    /// An entry may carry a reason and a date; an entry of another issuer (certificateIssuer, critical) is refused (§5.3.3).
    static func checkEntry(_ node: ASN1Node) throws {
        for item in try decode(node) where item.critical && item.oid != .crlReason && item.oid != .crlInvalidityDate {
            throw RevocationList.Defect("the critical extension \(item.oid) of an entry is not understood")
        }
    }

    private static func decode(_ node: ASN1Node) throws -> Certificate.Extensions {
        try Certificate.Extensions(DER.sequence(of: Certificate.Extension.self, identifier: .sequence, rootNode: node))
    }
}

extension ASN1ObjectIdentifier {
    static let crlNumber: ASN1ObjectIdentifier = [2, 5, 29, 20]
    static let crlReason: ASN1ObjectIdentifier = [2, 5, 29, 21]
    static let crlInvalidityDate: ASN1ObjectIdentifier = [2, 5, 29, 24]
}
