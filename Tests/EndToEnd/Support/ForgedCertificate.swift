import Foundation

/// A device certificate that `otaserve` would not issue, made by `openssl` with the key of an authority.
struct ForgedCertificate {
    /// As `openssl req -subj` takes it.
    var subject = "/CN=forged/OU=test"
    var isAuthority = false
    var keyUsage = "critical,digitalSignature"
    var extendedKeyUsage = "clientAuth"
    /// Further lines of the section of extensions.
    var extensions: [String] = []
    /// `YYYYMMDDHHMMSSZ`.
    var begins = "20250101000000Z"
    var ends = "20350101000000Z"
    /// The private key's file; nil makes a new one.
    var key: String?
    /// Signed by an authority of the same name as the server's, which the server does not know.
    var isForeign = false
}

extension TestServer {
    /// A device that presents `certificate`.
    func device(_ certificate: ForgedCertificate) async throws -> TestDevice {
        let folder = "\(datadir)/devices-of-test/forged-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: "\(datadir)/certs/root.crt", toPath: "\(folder)/root.crt")
        let authority = certificate.isForeign ? try await foreignAuthority(in: folder) : "\(datadir)/certs/device-ca"
        let lines =
            [
                "[ca]", "default_ca=x", "[x]", "database=index.txt", "new_certs_dir=.", "default_md=sha256", "policy=any",
                "rand_serial=yes", "unique_subject=no", "[any]", "commonName=optional", "[ext]",
                "basicConstraints=critical,CA:\(certificate.isAuthority ? "TRUE" : "FALSE")", "keyUsage=\(certificate.keyUsage)",
                "extendedKeyUsage=\(certificate.extendedKeyUsage)", "authorityKeyIdentifier=keyid",
            ] + certificate.extensions
        try lines.joined(separator: "\n").write(toFile: "\(folder)/ca.cnf", atomically: true, encoding: .utf8)
        try Data().write(to: URL(fileURLWithPath: "\(folder)/index.txt"))
        if let key = certificate.key {
            try FileManager.default.copyItem(atPath: key, toPath: "\(folder)/pkey.pem")
        } else {
            try await Tool.check(["openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", "\(folder)/pkey.pem"])
        }
        try await Tool.check(
            ["openssl", "req", "-new", "-key", "pkey.pem", "-out", "csr.pem", "-subj", certificate.subject], directory: folder)
        try await Tool.check(
            [
                "openssl", "ca", "-batch", "-notext", "-preserveDN", "-config", "ca.cnf", "-extensions", "ext", "-in", "csr.pem",
                "-out", "client.pem", "-cert", "\(authority).crt", "-keyfile", "\(authority).key", "-startdate",
                certificate.begins, "-enddate", certificate.ends,
            ], directory: folder)
        return TestDevice(server: self, uuid: "forged", folder: folder)
    }

    private func foreignAuthority(in folder: String) async throws -> String {
        let subject = try await Tool.check(
            ["openssl", "x509", "-in", "\(datadir)/certs/device-ca.crt", "-noout", "-subject", "-nameopt", "compat"]
        ).text
        // "subject=/CN=…"
        let name = subject.trimmingCharacters(in: .whitespacesAndNewlines).drop { $0 != "/" }
        try await Tool.check(
            [
                "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30", "-subj",
                String(name), "-keyout", "\(folder)/foreign.key", "-out", "\(folder)/foreign.crt",
            ])
        return "\(folder)/foreign"
    }
}
