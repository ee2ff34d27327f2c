#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What one authority's revocation list says, ready to be asked for every connection.
struct RevocationStatus: Sendable {
    let name: String
    let thisUpdate: UTCMoment
    let nextUpdate: UTCMoment
    private let serials: Set<CertificateSerial>

    init(_ list: RevocationList) {
        name = list.name
        thisUpdate = list.thisUpdate
        nextUpdate = list.nextUpdate
        serials = Set(list.entries.map(\.serial))
    }

    func revokes(_ serial: CertificateSerial) -> Bool { serials.contains(serial) }

    func isFresh(at now: Date) -> Bool { thisUpdate.date <= now && now < nextUpdate.date }

    /// Why the list can not be relied on, with the remedy.
    func stalenessMessage(_ authority: String) -> String {
        "the revocation list \(name) of \(authority) is valid from \(thisUpdate.text) to \(nextUpdate.text) only: "
            + "run 'otaserve pki refresh-crl', or get a new list from its issuer, and check this server's clock"
    }
}
