import FileTree
import Fleet
import UpdateTree

/// What the gateway asks others for. Handed in by the assembly.
public struct GatewayServices: Sendable {
    public let registry: DeviceRegistry
    public let intake: ReportIntake
    public let board: RolloutBoard
    public let configurations: Configurations
    /// `DATADIR/updates`.
    public let updates: Directory
    /// Which of them may be served.
    public let served: ServedUpdates
    /// The snaps of the updates and of the pools.
    public let snaps: SnapCatalogue
    public let registryTokens: RegistryTokens
    /// What sites may be told of; nil where no update is verified.
    public let inventories: (any UpdateInventories)?
    /// Nil where reports of sites are not taken.
    public let siteReports: (any SiteReports)?
    /// Seconds since 1970.
    public let now: @Sendable () -> Int64

    public init(
        registry: DeviceRegistry, intake: ReportIntake, board: RolloutBoard, configurations: Configurations, updates: Directory,
        served: ServedUpdates, snaps: SnapCatalogue,
        registryTokens: RegistryTokens, inventories: (any UpdateInventories)? = nil,
        siteReports: (any SiteReports)? = nil, now: @escaping @Sendable () -> Int64
    ) {
        self.registry = registry
        self.intake = intake
        self.board = board
        self.configurations = configurations
        self.updates = updates
        self.served = served
        self.snaps = snaps
        self.registryTokens = registryTokens
        self.inventories = inventories
        self.siteReports = siteReports
        self.now = now
    }
}
