import Fleet
import FleetTesting
import Snaps
import Testing

@testable import Persistence

@Suite("Loading many devices' snaps")
struct SnapLoadingTests {
    @Test("devices whose lists name the same snaps share them in memory, and each has its own where they differ")
    func shared() async throws {
        let scratch = try Scratch()
        let snaps = SQLiteSnaps(try Persistence.Database.open(dataDirectory: scratch.path))
        let names = (0..<30).map { "snap-\($0)" }
        let list = try SnapRepositoryContract.list(names, hashes: "h")
        for number in 0..<20 {
            try await snaps.replaceList(of: id("d\(number)"), with: number == 7 ? SnapRepositoryContract.list(["own"]) : list, at: 1)
        }
        let records = try snaps.loadDevices()
        #expect(records.count == 20)
        let places = Set(records.compactMap { $0.names?.withUnsafeBufferPointer { Int(bitPattern: $0.baseAddress) } })
        #expect(places.count == 2)
        #expect(records.first { $0.device.text == "d7" }?.names?.map(\.text) == ["own"])
        #expect(records.allSatisfy { $0.device.text == "d7" || $0.names == list.names })
    }
}
