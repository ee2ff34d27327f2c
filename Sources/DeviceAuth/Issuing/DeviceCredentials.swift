/// What a device needs to prove who it is: `client.pem`, `pkey.pem` and `root.crt`.
public struct DeviceCredentials: Sendable {
    public let id: DeviceID
    public let factory: String?
    public let isProduction: Bool
    public let certificatePEM: String
    /// The private key; it is kept nowhere else.
    public let privateKeyPEM: String
    public let rootPEM: String
    public let serial: CertificateSerial
    /// Seconds since 1970-01-01 00:00:00 UTC.
    public let notAfter: Int64

    /// The names of the files that ``write(to:)`` makes.
    public static let fileNames = ["client.pem", "pkey.pem", "root.crt"]

    /// Writes the three files into a directory, which is made when it is missing. None of them may exist.
    ///
    /// The certificate comes last: where it is, the others are.
    public func write(to directory: String) throws(DeviceAuthError) {
        try DirectoryWriting.createIfMissing(directory, mode: 0o700)
        for name in Self.fileNames where FileReading.exists(directory + "/" + name) {
            throw DeviceAuthError(
                .alreadyExists,
                "\(directory)/\(name) exists and is never overwritten: choose another --out, or move the file away")
        }
        let writing = FileWriting()
        try writing.create(directory + "/pkey.pem", privateKeyPEM.utf8, for: .ownerOnly)
        try writing.create(directory + "/root.crt", rootPEM.utf8, for: .everybody)
        try writing.create(directory + "/client.pem", certificatePEM.utf8, for: .everybody)
    }
}
