import SwiftASN1
import X509

/// The signature schemes that are accepted on certificates and revocation lists; what is not here is refused, SHA-1 and MD5 among it.
enum SignatureScheme: CaseIterable, Sendable {
    case ecdsaSHA256, ecdsaSHA384, ecdsaSHA512
    case rsaSHA256, rsaSHA384, rsaSHA512

    init?(_ algorithm: Certificate.SignatureAlgorithm) {
        guard let scheme = Self.allCases.first(where: { $0.algorithm == algorithm }) else { return nil }
        self = scheme
    }

    /// From the DER of an AlgorithmIdentifier; RSA may leave its NULL parameters out (RFC 4055 §5).
    init?(algorithmIdentifier der: ArraySlice<UInt8>) {
        let scheme = Self.allCases.first { scheme in
            scheme.algorithmIdentifier.elementsEqual(der)
                || scheme.algorithmIdentifierWithoutParameters.elementsEqual(der)
        }
        guard let scheme else { return nil }
        self = scheme
    }

    /// What an authority with this key signs with.
    init(signingWith key: PublicKeyKind) {
        switch key {
        case .p256: self = .ecdsaSHA256
        case .p384: self = .ecdsaSHA384
        case .rsa, .ed25519: self = .rsaSHA256
        }
    }

    var algorithm: Certificate.SignatureAlgorithm {
        switch self {
        case .ecdsaSHA256: .ecdsaWithSHA256
        case .ecdsaSHA384: .ecdsaWithSHA384
        case .ecdsaSHA512: .ecdsaWithSHA512
        case .rsaSHA256: .sha256WithRSAEncryption
        case .rsaSHA384: .sha384WithRSAEncryption
        case .rsaSHA512: .sha512WithRSAEncryption
        }
    }

    /// The DER of the AlgorithmIdentifier: ECDSA without parameters (RFC 5758 §3.2), RSA with NULL (RFC 4055 §5).
    var algorithmIdentifier: [UInt8] {
        switch self {
        case .ecdsaSHA256, .ecdsaSHA384, .ecdsaSHA512: algorithmIdentifierWithoutParameters
        case .rsaSHA256, .rsaSHA384, .rsaSHA512:
            [0x30, UInt8(objectIdentifier.count + 2)] + objectIdentifier + [0x05, 0x00]
        }
    }

    private var algorithmIdentifierWithoutParameters: [UInt8] {
        [0x30, UInt8(objectIdentifier.count)] + objectIdentifier
    }

    private var objectIdentifier: [UInt8] {
        switch self {
        case .ecdsaSHA256: [0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02]
        case .ecdsaSHA384: [0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x03]
        case .ecdsaSHA512: [0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x04]
        case .rsaSHA256: [0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b]
        case .rsaSHA384: [0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0c]
        case .rsaSHA512: [0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0d]
        }
    }
}
