import FileTree
import Fleet
import UpdateTree

/// What the gateway asks others for. Handed in by the assembly.
public struct GatewayServices: Sendable {
    public let registry: DeviceRegistry
    public let intake: ReportIntake
    public let board: RolloutBoard
    public let configurations: Configurations
    /// What devices' agents say of their snaps.
    public let snaps: any SnapExchange
    /// `DATADIR/updates`.
    public let updates: Directory
    /// Which of them may be served.
    public let served: ServedUpdates
    /// The snaps of the updates and of the pools.
    public let snapCatalogue: SnapCatalogue
    public let registryTokens: RegistryTokens
    /// What sites may be told of; nil where no update is verified.
    public let inventories: (any UpdateInventories)?
    /// Nil where reports of sites are not taken.
    public let siteReports: (any SiteReports)?
    /// Seconds since 1970.
    public let now: @Sendable () -> Int64

    public init(
        registry: DeviceRegistry, intake: ReportIntake, board: RolloutBoard, configurations: Configurations,
        snaps: any SnapExchange, updates: Directory, served: ServedUpdates, snapCatalogue: SnapCatalogue,
        registryTokens: RegistryTokens, inventories: (any UpdateInventories)? = nil,
        siteReports: (any SiteReports)? = nil, now: @escaping @Sendable () -> Int64
    ) {
        self.registry = registry
        self.intake = intake
        self.board = board
        self.configurations = configurations
        self.snaps = snaps
        self.updates = updates
        self.served = served
        self.snapCatalogue = snapCatalogue
        self.registryTokens = registryTokens
        self.inventories = inventories
        self.siteReports = siteReports
        self.now = now
    }
}
