import X509

/// The private key in the content of a file: PEM, not encrypted, PKCS #8 or the older forms.
enum PrivateKeyFile {
    static func key(_ content: [UInt8], name: String) throws(DeviceAuthError) -> Certificate.PrivateKey {
        do {
            // 'openssl ecparam -genkey' puts the curve in a document of its own before the key.
            let blocks = try PEMText.blocks(content).filter { $0.label.hasSuffix("PRIVATE KEY") }
            guard blocks.count == 1, let block = blocks.first else {
                throw PEMText.Malformed(reason: "it does not hold exactly one key")
            }
            return try Certificate.PrivateKey(pemDocument: .init(type: block.label, derBytes: block.bytes))
        } catch {
            // The content of a key never goes into a message.
            throw DeviceAuthError(
                .privateKeyInvalid,
                "\(name) is not a private key that can be used (\(decodingReason(error))): give an unencrypted PEM file, EC P-256, P-384 or RSA"
            )
        }
    }
}
