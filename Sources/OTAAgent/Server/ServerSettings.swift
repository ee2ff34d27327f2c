import Foundation
import NIOSSL
import SoftwareAgent
import SwiftASN1
import X509

/// The server's address and the files of the device's identity. The files are read anew for every request: certificates are renewed.
struct ServerSettings: Sendable {
    let address: String
    let authorities: String
    let certificate: String
    let key: String

    func tls() throws(SoftwareAgentError) -> TLSConfiguration {
        var tls = TLSConfiguration.makeClientConfiguration()
        do {
            tls.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(authorities))
            tls.certificateChain = try NIOSSLCertificate.fromPEMFile(certificate).map { .certificate($0) }
            tls.privateKey = .privateKey(try NIOSSLPrivateKey(file: key, format: .pem))
        } catch {
            throw SoftwareAgentError(
                .settingsInvalid, "cannot read \(authorities), \(certificate) or \(key) as PEM (\(error)); give the device's own files")
        }
        return tls
    }

    /// The device is whom its certificate names.
    func description() throws(SoftwareAgentError) -> DeviceDescription {
        let subject: DistinguishedName
        do {
            guard let leaf = try NIOSSLCertificate.fromPEMFile(certificate).first else { throw NIOSSLError.failedToLoadCertificate }
            subject = try Certificate(derEncoded: leaf.toDERBytes()).subject
        } catch {
            throw SoftwareAgentError(
                .settingsInvalid, "cannot read \(certificate) as a certificate (\(error)); give --certificate, or register the device")
        }
        _ = try tls()
        guard let name = Self.text(subject, [2, 5, 4, 3]) else {
            throw SoftwareAgentError(.settingsInvalid, "\(certificate) names no device; register the device anew")
        }
        return DeviceDescription(device: name, organization: Self.text(subject, [2, 5, 4, 11]), architecture: Self.architecture)
    }

    private static func text(_ name: DistinguishedName, _ type: ASN1ObjectIdentifier) -> String? {
        for part in name {
            for attribute in part where attribute.type == type { return String(attribute.value) }
        }
        return nil
    }

    /// In Debian's words, as snapd has it.
    private static var architecture: String? {
        var system = utsname()
        guard uname(&system) == 0 else { return nil }
        let machine = withUnsafeBytes(of: &system.machine) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        return switch machine {
        case "x86_64": "amd64"
        case "aarch64": "arm64"
        case "armv7l": "armhf"
        case "i686": "i386"
        default: machine
        }
    }
}
