#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Puts authorities and revocation lists together: who signed which list, and who stands above whom.
struct TrustAssembly {
    private(set) var authorities: [TrustedAuthority] = []
    private(set) var warnings: [String] = []

    init(authorities: [Authority], lists: [RevocationList], now: Date) throws(DeviceAuthError) {
        var listsOfAuthority = [[RevocationList]](repeating: [], count: authorities.count)
        for list in lists {
            guard list.thisUpdate.date <= now else {
                throw DeviceAuthError(
                    .revocationListFromFuture,
                    "\(list.name) begins at \(list.thisUpdate.text), and it is \(UTCMoment(now).text): check the clocks of this server and of the issuer"
                )
            }
            let signers = try Self.signers(of: list, among: authorities)
            if signers.isEmpty {
                warnings.append(
                    "\(list.name) is from \(quoted(list.issuer.description)), which is not in cas.pem: it has no effect, remove it or add its issuer"
                )
            }
            for index in signers { listsOfAuthority[index].append(list) }
        }
        let statuses = listsOfAuthority.map { RevocationList.newest($0).map(RevocationStatus.init) }
        let issuers = authorities.map { authority in Self.issuers(of: authority, among: authorities) }

        for (index, authority) in authorities.enumerated() {
            self.authorities.append(
                TrustedAuthority(
                    authority: authority, revocations: statuses[index],
                    ancestorChecks: Self.ancestorChecks(
                        of: index, authorities: authorities, issuers: issuers, statuses: statuses)))
            warn(about: authority, statuses[index], now: now)
        }
        warnAboutSuperseded(lists, statuses, listsOfAuthority)
    }

    /// The authorities whose signature `list` bears; several when one authority's certificate was renewed with the same key.
    private static func signers(of list: RevocationList, among authorities: [Authority]) throws(DeviceAuthError)
        -> [Int]
    {
        let named = authorities.indices.filter { list.issuer == authorities[$0].subject }
        guard !named.isEmpty else { return [] }
        let signers = named.filter { list.isSigned(by: authorities[$0]) }
        guard let first = signers.first else {
            throw DeviceAuthError(
                .revocationListSignature,
                "\(list.name) bears the name \(authorities[named[0]].title), but not its signature: get it anew from its issuer, or remove the file"
            )
        }
        guard signers.contains(where: { authorities[$0].signsRevocationLists }) else {
            throw DeviceAuthError(
                .revocationListSignature,
                "\(list.name) is signed by \(authorities[first].title), which may not sign lists (keyUsage lacks cRLSign): remove the file, or renew the authority with cRLSign"
            )
        }
        return signers
    }

    private static func issuers(of authority: Authority, among authorities: [Authority]) -> [Int] {
        authorities.indices.filter { index in
            let other = authorities[index]
            // What can not be decoded is no proof that `other` stands above it.
            guard (try? other.mayHaveIssued(authority.certificate)) == true, other.certificate != authority.certificate
            else {
                return false
            }
            return other.hasSigned(authority.certificate)
        }
    }

    /// Walks upwards, each authority once, so that a circle of cross-signed authorities ends.
    private static func ancestorChecks(
        of start: Int, authorities: [Authority], issuers: [[Int]], statuses: [RevocationStatus?]
    ) -> [TrustedAuthority.AncestorCheck] {
        var checks: [TrustedAuthority.AncestorCheck] = []
        var visited: Set<Int> = [start]
        var open = [start]
        while let index = open.popLast() {
            for issuer in issuers[index] {
                if let status = statuses[issuer] {
                    checks.append(
                        .init(issuer: authorities[issuer].title, serial: authorities[index].serial, revocations: status)
                    )
                }
                if visited.insert(issuer).inserted { open.append(issuer) }
            }
        }
        return checks
    }

    private mutating func warn(about authority: Authority, _ status: RevocationStatus?, now: Date) {
        if now >= authority.notAfter {
            warnings.append(
                "the authority \(authority.title) ended at \(UTCMoment(authority.notAfter).text): its devices are refused"
            )
        } else if now < authority.notBefore {
            warnings.append(
                "the authority \(authority.title) begins at \(UTCMoment(authority.notBefore).text): its devices are refused"
            )
        }
        if let status, !status.isFresh(at: now) {
            warnings.append(
                "all devices of \(authority.title) are refused: " + status.stalenessMessage(authority.title))
        }
    }

    private mutating func warnAboutSuperseded(
        _ lists: [RevocationList], _ statuses: [RevocationStatus?], _ listsOfAuthority: [[RevocationList]]
    ) {
        for (status, candidates) in zip(statuses, listsOfAuthority) {
            guard let status else { continue }
            for list in candidates where list.name != status.name {
                let warning =
                    "\(list.name) is older than \(status.name) of the same authority and has no effect: remove it"
                if !warnings.contains(warning) { warnings.append(warning) }
            }
        }
    }
}
