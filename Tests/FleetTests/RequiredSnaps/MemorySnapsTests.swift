import FleetTesting
import Testing

@Suite("Snaps in memory")
struct MemorySnapsTests {
    @Test("The contract of a repository of snaps holds", arguments: SnapRepositoryContract.all)
    func contract(_ sentence: SnapRepositoryContract) async throws {
        let snaps = MemorySnaps()
        try await sentence.run { snaps }
    }
}
