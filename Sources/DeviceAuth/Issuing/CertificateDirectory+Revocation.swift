import X509

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension CertificateDirectory {
    /// Adds a certificate to `crl/device-ca.pem`; earlier entries stay.
    ///
    /// The new list counts from the moment a server reads it. Revoking twice is no error.
    ///
    /// - Throws: ``DeviceAuthError/Code/certificateMismatch`` when the certificate is not one of the device authority.
    public func revoke(_ target: RevocationTarget, now: Date) throws(DeviceAuthError) -> RevocationOutcome {
        try DirectoryWriting.locked(path) { () throws(DeviceAuthError) in
            let issuer = try deviceIssuer()
            let serial = try serial(of: target, issuer: issuer)
            let list = try currentList(issuer)
            if let list, list.entries.contains(where: { $0.serial == serial }) {
                return RevocationOutcome(
                    serial: serial, wasAlreadyRevoked: true, revokedCount: list.entries.count,
                    nextUpdate: list.nextUpdate.seconds)
            }
            let entries = (list?.entries.map(\.encoded) ?? []) + [try RevocationList.entry(serial, now: now)]
            return try write(entries, after: list, issuer, serial: serial, now: now)
        }
    }

    /// Signs the revocation list anew with the same entries, so that it does not end; makes an empty one when there is none.
    public func refreshRevocationList(now: Date) throws(DeviceAuthError) -> RevocationOutcome {
        try DirectoryWriting.locked(path) { () throws(DeviceAuthError) in
            let issuer = try deviceIssuer()
            let list = try currentList(issuer)
            return try write(list?.entries.map(\.encoded) ?? [], after: list, issuer, serial: nil, now: now)
        }
    }

    private func serial(of target: RevocationTarget, issuer: Issuer) throws(DeviceAuthError) -> CertificateSerial {
        guard case .certificate(let content) = target else {
            if case .serial(let serial) = target { return serial }
            throw DeviceAuthError(.serialInvalid, "nothing to revoke: give a certificate or a serial number")
        }
        let name = "the certificate"
        let certificate = try Self.first(
            CertificateFile.certificates(content, name: name, code: .certificateInvalid), name)
        guard certificate.issuer == issuer.authority.subject, issuer.authority.hasSigned(certificate) else {
            throw DeviceAuthError(
                .certificateMismatch,
                "the certificate is not issued by device-ca.crt: revoke it at its own authority (\(quoted(certificate.issuer.description)))"
            )
        }
        return CertificateSerial(certificate.serialNumber)
    }

    /// The list of the device authority that counts now, whichever file of `crl/` it is in: what it revokes stays revoked.
    private func currentList(_ issuer: Issuer) throws(DeviceAuthError) -> RevocationList? {
        var lists: [RevocationList] = []
        for name in try FileReading.names(path + "/crl", orEmptyIfAbsent: true)
        where name.hasSuffix(".pem") && !name.hasPrefix(".") {
            let content = try FileReading.content(path + "/crl/" + name, limit: RevocationList.maximumSize)
            for list in try RevocationList.read(content, name: "crl/" + name)
            where list.issuer == issuer.authority.subject {
                guard list.isSigned(by: issuer.authority) else {
                    throw DeviceAuthError(
                        .revocationListSignature,
                        "crl/\(name) bears the name of the device authority, but not its signature: restore it from a backup, or remove it and revoke anew"
                    )
                }
                lists.append(list)
            }
        }
        return RevocationList.newest(lists)
    }

    private func write(
        _ entries: [ArraySlice<UInt8>], after list: RevocationList?, _ issuer: Issuer, serial: CertificateSerial?,
        now: Date
    ) throws(DeviceAuthError) -> RevocationOutcome {
        let der = try RevocationList.sign(
            by: issuer, number: RevocationList.number(after: list?.number), entries: entries, now: now)
        let text = PEMText.text(label: "X509 CRL", bytes: der)
        guard text.utf8.count <= RevocationList.maximumSize else {
            throw DeviceAuthError(
                .revocationListTooLarge,
                "the list would be larger than \(RevocationList.maximumSize >> 20) MiB, and no server would read it: start a new device authority"
            )
        }
        try DirectoryWriting.createIfMissing(path + "/crl", mode: 0o700)
        try writing.replace(path(.revocationList), text.utf8, for: .everybody)
        return RevocationOutcome(
            serial: serial, wasAlreadyRevoked: false, revokedCount: entries.count,
            nextUpdate: UTCMoment(now.advanced(by: RevocationList.lifetime.interval)).seconds)
    }
}
