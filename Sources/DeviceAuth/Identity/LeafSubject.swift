import SwiftASN1
import X509

/// What the subject of a client's certificate says, before it is known whether its name can be taken.
struct LeafSubject {
    enum Kind: Equatable {
        case device(isProduction: Bool)
        case site
    }

    let commonName: String
    let factory: String?
    let kind: Kind

    init(_ subject: DistinguishedName) throws(CertificateRefusal) {
        var commonNames: [String?] = []
        var categories: [String?] = []
        var factory: String?
        for name in subject {
            for attribute in name {
                switch attribute.type {
                case .subjectCommonName: commonNames.append(String(attribute.value))
                case .subjectBusinessCategory: categories.append(String(attribute.value))
                case .subjectOrganizationalUnit: factory = factory ?? String(attribute.value)
                default: break
                }
            }
        }
        // Two names would let one reader see one device and another reader the other.
        guard commonNames.count == 1, categories.count <= 1 else {
            throw CertificateRefusal(
                .identityInvalid,
                "the subject has \(commonNames.count) common names and \(categories.count) business categories: issue a certificate with exactly one CN and at most one businessCategory"
            )
        }
        commonName = commonNames[0] ?? ""
        self.factory = factory
        kind = try Self.kind(categories)
    }

    /// Compared by bytes: String equality would also accept other spellings of the same characters.
    private static func kind(_ categories: [String?]) throws(CertificateRefusal) -> Kind {
        guard let category = categories.first else { return .device(isProduction: false) }
        guard let category else {
            // It may say `site`, and a site must never pass for a device.
            throw CertificateRefusal(
                .identityInvalid,
                "businessCategory is in an encoding that is not read: issue the certificate with it as UTF8String")
        }
        if category.utf8.elementsEqual("site".utf8) { return .site }
        return .device(isProduction: category.utf8.elementsEqual("production".utf8))
    }
}

extension ASN1ObjectIdentifier {
    static let subjectCommonName: ASN1ObjectIdentifier = [2, 5, 4, 3]
    static let subjectOrganization: ASN1ObjectIdentifier = [2, 5, 4, 10]
    static let subjectOrganizationalUnit: ASN1ObjectIdentifier = [2, 5, 4, 11]
    static let subjectBusinessCategory: ASN1ObjectIdentifier = [2, 5, 4, 15]
}
