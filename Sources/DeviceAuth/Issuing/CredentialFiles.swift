/// A client's credential as files: `client.pem`, `pkey.pem` and `root.crt`.
struct CredentialFiles {
    let certificatePEM: String
    let privateKeyPEM: String
    let rootPEM: String

    static let names = ["client.pem", "pkey.pem", "root.crt"]

    /// Writes the three files into a directory, which is made when it is missing. None of them may exist.
    ///
    /// The certificate comes last: where it is, the others are.
    func write(to directory: String) throws(DeviceAuthError) {
        try DirectoryWriting.createIfMissing(directory, mode: 0o700)
        for name in Self.names where FileReading.exists(directory + "/" + name) {
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
