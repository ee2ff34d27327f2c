import Foundation
import SwiftASN1
import X509

@testable import DeviceAuth

/// A revocation list as a test wants it, byte for byte.
struct ListDraft {
    var issuer: Forge.Authority
    var version: Int? = 1
    var innerAlgorithm = SignatureScheme.ecdsaSHA256.algorithmIdentifier
    var outerAlgorithm = SignatureScheme.ecdsaSHA256.algorithmIdentifier
    var thisUpdate = Forge.now - Forge.day
    var nextUpdate: Date? = Forge.now + Forge.day
    var serials: [[UInt8]] = []
    var entryExtensions: [Certificate.Extension] = []
    var number: Int? = 1
    var extensions: [Certificate.Extension] = []
    var signer: Certificate.PrivateKey?

    init(_ issuer: Forge.Authority, revoking serials: [[UInt8]] = []) {
        self.issuer = issuer
        self.serials = serials
    }

    func der() throws -> [UInt8] {
        let body = try body()
        let signature = try (signer ?? issuer.key).sign(bytes: body, signatureAlgorithm: .ecdsaWithSHA256)
            .rawRepresentation
        var coder = DER.Serializer()
        try coder.appendConstructedNode(identifier: .sequence) { coder in
            coder.serializeRawBytes(body)
            coder.serializeRawBytes(outerAlgorithm)
            try coder.serialize(ASN1BitString(bytes: signature[...]))
        }
        return coder.serializedBytes
    }

    func pem() throws -> [UInt8] { Array(PEMText.text(label: "X509 CRL", bytes: try der()).utf8) }

    func file(_ name: String = "crl/list.pem") throws -> (name: String, pem: [UInt8]) { (name: name, pem: try pem()) }

    private func body() throws -> [UInt8] {
        var coder = DER.Serializer()
        try coder.appendConstructedNode(identifier: .sequence) { coder in
            if let version { try coder.serialize(version) }
            coder.serializeRawBytes(innerAlgorithm)
            try coder.serialize(issuer.certificate.subject)
            try UTCMoment(thisUpdate).serialize(into: &coder)
            if let nextUpdate { try UTCMoment(nextUpdate).serialize(into: &coder) }
            if !serials.isEmpty {
                try coder.appendConstructedNode(identifier: .sequence) { coder in
                    for serial in serials { try entry(serial, &coder) }
                }
            }
            let all = try extensions + numberExtension()
            if !all.isEmpty {
                try coder.serialize(explicitlyTaggedWithTagNumber: 0, tagClass: .contextSpecific) {
                    try $0.serializeSequenceOf(all)
                }
            }
        }
        return coder.serializedBytes
    }

    private func entry(_ serial: [UInt8], _ coder: inout DER.Serializer) throws {
        try coder.appendConstructedNode(identifier: .sequence) { coder in
            try coder.serialize(serial[...])
            try UTCMoment(thisUpdate).serialize(into: &coder)
            if !entryExtensions.isEmpty { try coder.serializeSequenceOf(entryExtensions) }
        }
    }

    private func numberExtension() throws -> [Certificate.Extension] {
        guard let number else { return [] }
        var coder = DER.Serializer()
        try coder.serialize(number)
        return [Certificate.Extension(oid: .crlNumber, critical: false, value: coder.serializedBytes[...])]
    }
}
