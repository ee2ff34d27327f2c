import SwiftASN1
import X509

/// A certificate request that may be signed: one for a server, or one for a device authority, and nothing else.
///
/// The request chooses the profile and brings its key and names; everything else in the certificate comes from the
/// profile. Whatever more a request asks for is not granted.
struct CertificateRequest {
    let profile: CertificateProfile
    let subject: DistinguishedName
    let key: Certificate.PublicKey

    init(_ content: [UInt8], name: String) throws(DeviceAuthError) {
        let request = try Self.decode(content, name: name)
        guard SignatureScheme(request.signatureAlgorithm) != nil,
            request.publicKey.isValidSignature(request.signature, for: request)
        else {
            throw DeviceAuthError(
                .requestInvalid, "\(name) is not signed by the key it contains: create it anew with 'pki create-csr'")
        }
        do throws(PublicKeyKind.Unacceptable) {
            guard try PublicKeyKind(request.publicKey) != .ed25519 else { throw .init(reason: "is Ed25519") }
        } catch {
            throw DeviceAuthError(
                .requestRefused,
                "the key of \(name) \(error.reason): use EC P-256, EC P-384 or RSA with at least 2048 bits")
        }
        key = request.publicKey
        profile = try Self.profile(request, name: name)
        subject = try Self.subject(request.subject, profile, name: name)
    }

    private static func decode(_ content: [UInt8], name: String) throws(DeviceAuthError) -> CertificateSigningRequest {
        do {
            guard PEMText.contains(content) else { return try CertificateSigningRequest(derEncoded: content) }
            let blocks = try PEMText.blocks(content).filter { $0.label.hasSuffix("CERTIFICATE REQUEST") }
            guard blocks.count == 1, let block = blocks.first else {
                throw PEMText.Malformed(reason: "it does not hold exactly one request")
            }
            return try CertificateSigningRequest(derEncoded: block.bytes)
        } catch {
            throw DeviceAuthError(
                .requestInvalid,
                "\(name) is not a certificate request (\(decodingReason(error))): check it with 'openssl req -text -verify'"
            )
        }
    }

    private static func profile(_ request: CertificateSigningRequest, name: String) throws(DeviceAuthError)
        -> CertificateProfile
    {
        let extensions: Certificate.Extensions
        let use: ExtensionUse
        let names: [GeneralName]
        do {
            extensions = try request.attributes.extensionRequest?.extensions ?? .init()
            use = try ExtensionUse(extensions)
            names = Array(try extensions.subjectAlternativeNames ?? .init())
        } catch {
            throw DeviceAuthError(
                .requestInvalid,
                "\(name) asks for extensions that can not be decoded (\(decodingReason(error))): create it anew")
        }
        switch (
            use.isAuthority, extensions[oid: .X509ExtensionID.extendedKeyUsage] != nil && use.permitsServer,
            names.isEmpty
        ) {
        case (true, false, true):
            return .deviceAuthority
        case (false, true, false):
            var serverNames: [ServerName] = []
            for name in names { serverNames.append(try ServerName(name)) }
            return .server(serverNames)
        default:
            throw DeviceAuthError(
                .requestRefused,
                "\(name) asks neither for a server (serverAuth and subjectAltName, no CA) nor for a device authority (CA, no subjectAltName): create it with 'pki create-csr'"
            )
        }
    }

    private static func subject(
        _ subject: DistinguishedName, _ profile: CertificateProfile, name: String
    ) throws(DeviceAuthError) -> DistinguishedName {
        let common = SubjectName.first(.subjectCommonName, in: subject)
        let organization = SubjectName.first(.subjectOrganization, in: subject)
        let unit = SubjectName.first(.subjectOrganizationalUnit, in: subject)
        for text in [common, organization, unit] {
            guard let text else { continue }
            guard (1...64).contains(text.count),
                text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7f })
            else {
                throw DeviceAuthError(
                    .requestRefused,
                    "the subject of \(name) has \(quoted(text)): use 1 to 64 characters without control characters")
            }
        }
        if case .server(let names) = profile, let common, !names.contains(where: { $0.text == common.lowercased() }) {
            throw DeviceAuthError(
                .requestRefused,
                "the common name \(quoted(common)) of \(name) is not in its subjectAltName: add it there")
        }
        guard common != nil || unit != nil else {
            throw DeviceAuthError(.requestRefused, "the subject of \(name) is empty: give it a common name")
        }
        return SubjectName.name(common: common, organization: organization, unit: unit)
    }
}
