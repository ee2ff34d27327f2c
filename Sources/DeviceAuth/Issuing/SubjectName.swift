import SwiftASN1
import X509

/// The subjects that are given to certificates.
enum SubjectName {
    static func root(_ factory: FactoryName) -> DistinguishedName {
        name(common: "\(factory) root CA", organization: factory.text, unit: factory.text)
    }

    static func deviceAuthority(_ factory: FactoryName) -> DistinguishedName {
        name(common: "\(factory) device CA", organization: factory.text, unit: factory.text)
    }

    /// A common name holds 64 characters at most (RFC 5280, ub-common-name); clients read subjectAltName anyway.
    static func server(_ names: [ServerName], _ factory: FactoryName) -> DistinguishedName {
        name(common: names.first { $0.text.utf8.count <= 64 }?.text, organization: factory.text, unit: factory.text)
    }

    static func device(_ id: DeviceID, factory: String?, isProduction: Bool) -> DistinguishedName {
        var rdns: [RelativeDistinguishedName] = []
        append(.subjectCommonName, id.text, to: &rdns)
        append(.subjectOrganizationalUnit, factory, to: &rdns)
        append(.subjectBusinessCategory, isProduction ? "production" : nil, to: &rdns)
        return DistinguishedName(rdns)
    }

    static func site(_ name: SiteName, factory: String?) -> DistinguishedName {
        var rdns: [RelativeDistinguishedName] = []
        append(.subjectCommonName, name.text, to: &rdns)
        append(.subjectOrganizationalUnit, factory, to: &rdns)
        append(.subjectBusinessCategory, "site", to: &rdns)
        return DistinguishedName(rdns)
    }

    static func name(common: String?, organization: String?, unit: String?) -> DistinguishedName {
        var rdns: [RelativeDistinguishedName] = []
        append(.subjectCommonName, common, to: &rdns)
        append(.subjectOrganization, organization, to: &rdns)
        append(.subjectOrganizationalUnit, unit, to: &rdns)
        return DistinguishedName(rdns)
    }

    /// The text of the first attribute of that type.
    static func first(_ type: ASN1ObjectIdentifier, in name: DistinguishedName) -> String? {
        name.lazy.flatMap { $0 }.first { $0.type == type }.flatMap { String($0.value) }
    }

    private static func append(
        _ type: ASN1ObjectIdentifier, _ text: String?, to rdns: inout [RelativeDistinguishedName]
    ) {
        guard let text else { return }
        rdns.append(RelativeDistinguishedName(.init(type: type, utf8String: text)))
    }
}
