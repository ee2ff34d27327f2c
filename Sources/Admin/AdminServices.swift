import Fleet
import OperatorAuth
import UpdateTree

/// What the operator's side works with; handed in by the assembly.
public struct AdminServices: Sendable {
    let registry: DeviceRegistry
    let reports: any ReportStore
    let history: any EventHistory
    let fleetLog: any FleetLog
    /// Shared by all listeners of the API.
    var tailPlaces = TailPlaces()
    let rollouts: RolloutOperations
    let configurations: Configurations
    let snaps: RequiredSnaps
    let library: UpdateLibrary
    let imports: ImportServices
    let tokens: any TokenRepository
    /// What sites reported here.
    let sites: any SiteReportStore
    /// Makes the report of this installation, when it is a site itself.
    let siteReport: (@Sendable () async throws -> [UInt8])?
    let enrolments: EnrolmentDesk
    let audit: any AuditTrail
    /// Seconds since 1970.
    let now: @Sendable () -> Int64
    let isReady: @Sendable () -> Bool
    /// Loads certificates, authorities and revocation lists again, and looks at the updates.
    let reload: @Sendable () async throws -> Void
    /// Everything that ends some day, in any order.
    let expiries: @Sendable () async throws -> [Expiry]
    /// Which updates devices get.
    let served: ServedUpdates
    /// Updates are served as they lie there, their signatures unchecked: every list of updates says so.
    var servesUnverified: Bool { served.policy == .any }

    public init(
        registry: DeviceRegistry, reports: any ReportStore, history: any EventHistory, fleetLog: any FleetLog,
        rollouts: RolloutOperations, configurations: Configurations, snaps: RequiredSnaps, library: UpdateLibrary,
        imports: ImportServices, tokens: any TokenRepository, sites: any SiteReportStore,
        siteReport: (@Sendable () async throws -> [UInt8])?, enrolments: EnrolmentDesk, audit: any AuditTrail,
        now: @escaping @Sendable () -> Int64, isReady: @escaping @Sendable () -> Bool, reload: @escaping @Sendable () async throws -> Void,
        expiries: @escaping @Sendable () async throws -> [Expiry], served: ServedUpdates
    ) {
        self.registry = registry
        self.reports = reports
        self.history = history
        self.fleetLog = fleetLog
        self.rollouts = rollouts
        self.configurations = configurations
        self.snaps = snaps
        self.library = library
        self.imports = imports
        self.tokens = tokens
        self.sites = sites
        self.siteReport = siteReport
        self.enrolments = enrolments
        self.audit = audit
        self.now = now
        self.isReady = isReady
        self.reload = reload
        self.expiries = expiries
        self.served = served
    }
}
