#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension TrustStore {
    /// Reads `cas.pem` and `crl/*.pem` below `directory`.
    ///
    /// Without a folder `crl` nothing is revoked. Files whose names begin with a dot are somebody's unfinished writing
    /// and are left alone.
    public static func load(certificates directory: String, now: Date) throws(DeviceAuthError) -> TrustStore {
        let authorities = try FileReading.content(directory + "/cas.pem", limit: maximumAuthoritiesSize)
        var lists: [(name: String, pem: [UInt8])] = []
        for name in try FileReading.names(directory + "/crl", orEmptyIfAbsent: true)
        where name.hasSuffix(".pem") && !name.hasPrefix(".") {
            let content = try FileReading.content(directory + "/crl/" + name, limit: RevocationList.maximumSize)
            lists.append((name: "crl/" + name, pem: content))
        }
        return try TrustStore(authorities: authorities, revocationLists: lists, now: now)
    }

    private static let maximumAuthoritiesSize = 1 << 20
}
