import X509

/// The certificates in the content of a file: any number as PEM, or a single one as DER.
enum CertificateFile {
    /// - Parameter name: how the file is called in an error's message.
    static func certificates(_ content: [UInt8], name: String, code: DeviceAuthError.Code) throws(DeviceAuthError)
        -> [Certificate]
    {
        do {
            guard PEMText.contains(content) else { return [try Certificate(derEncoded: content)] }
            let certificates = try PEMText.blocks(content).filter { labels.contains($0.label) }.map { block in
                try Certificate(derEncoded: block.bytes)
            }
            guard !certificates.isEmpty else {
                throw DeviceAuthError(code, "\(name) contains no certificate: give a file with 'BEGIN CERTIFICATE'")
            }
            return certificates
        } catch let error as DeviceAuthError {
            throw error
        } catch {
            throw DeviceAuthError(
                code,
                "\(name) is not a valid certificate (\(decodingReason(error))): check it with 'openssl x509 -text'")
        }
    }

    private static let labels: Set<String> = ["CERTIFICATE", "X509 CERTIFICATE"]
}

extension Certificate {
    /// The certificate as a PEM document, ending in a newline.
    func pemText() throws -> String {
        try PEMText.text(label: "CERTIFICATE", bytes: serializeAsPEM().derBytes)
    }
}
