import FileTree
import Fleet

/// What the gateway asks others for. Handed in by the assembly.
public struct GatewayServices: Sendable {
    public let registry: DeviceRegistry
    public let intake: ReportIntake
    public let board: RolloutBoard
    /// `DATADIR/updates`.
    public let updates: Directory
    public let registryTokens: RegistryTokens
    /// Seconds since 1970.
    public let now: @Sendable () -> Int64

    public init(
        registry: DeviceRegistry, intake: ReportIntake, board: RolloutBoard, updates: Directory,
        registryTokens: RegistryTokens, now: @escaping @Sendable () -> Int64
    ) {
        self.registry = registry
        self.intake = intake
        self.board = board
        self.updates = updates
        self.registryTokens = registryTokens
        self.now = now
    }
}
