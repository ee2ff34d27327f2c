import Crypto
import SwiftASN1
import X509

/// The kind of defect a decoder reported, without what the decoder quotes from the input.
func decodingReason(_ error: any Error) -> String {
    switch error {
    case let error as ASN1Error: "\(error.code)"
    case let error as CertificateError: "\(error.code)"
    case is CryptoKitError: "its key is not accepted, RSA needs at least 2048 bits"
    case let error as PEMText.Malformed: error.reason
    default: "can not be decoded"
    }
}
