import Foundation
import Testing

@testable import OTASim

@Suite("Virtual devices") struct OTASimTests {
    private func targets(_ entries: [(name: String, version: String, hardware: [String], tags: [String])]) throws -> Data {
        let targets = entries.map { entry in
            (
                entry.name,
                [
                    "hashes": ["sha256": String(repeating: "a", count: 64)],
                    "custom": ["version": entry.version, "hardwareIds": entry.hardware, "tags": entry.tags],
                ] as [String: Any]
            )
        }
        let signed = ["targets": Dictionary(targets) { first, _ in first }]
        return try JSONSerialization.data(withJSONObject: ["signed": signed])
    }

    @Test("a device takes the highest version, by number, of its tag and hardware alone")
    func best() throws {
        let document = try targets([
            ("a-9", "9", ["a"], ["main"]), ("a-10", "10", ["a"], ["main", "x"]), ("a-12", "12", ["b"], ["main"]),
            ("a-13", "13", ["a"], ["devel"]), ("a-14", "14", ["a", "b"], ["main"]), ("a-15", "x", ["a"], ["main"]),
        ])
        #expect(try Target.best(in: document, tag: "main", hardware: "a")?.name == "a-10")
        #expect(try Target.best(in: document, tag: "none", hardware: "a") == nil)
        #expect(throws: (any Error).self) { try Target.best(in: Data("{}".utf8), tag: "main", hardware: "a") }
    }

    @Test("fates come in the shares that were asked for, and the same seed gives the same ones")
    func fates() {
        let behaviour = Behaviour(seed: 7, failingDownloads: 0.1, failingInstallations: 0.2, silent: 0.05)
        let devices = (0..<10_000).map { "sim-\($0)" }
        let fates = devices.map { behaviour.fate(of: "lmp-42", on: $0) }
        #expect((900...1_100).contains(fates.count { $0 == .downloadFails }))
        #expect((1_850...2_150).contains(fates.count { $0 == .installFails }))
        #expect((400...600).contains(devices.count { behaviour.isSilent($0) }))
        #expect(fates == devices.map { behaviour.fate(of: "lmp-42", on: $0) })
        var other = behaviour
        other.seed = 8
        #expect(fates != devices.map { other.fate(of: "lmp-42", on: $0) })
        #expect(fates != devices.map { behaviour.fate(of: "lmp-43", on: $0) })
    }

    @Test("the board counts every device once, wherever it is")
    func board() {
        let board = Board(devices: 3)
        board.set("a", .idle)
        board.set("b", .idle)
        #expect(!board.hasSeenAll)
        board.set("c", .silent)
        #expect(board.hasSeenAll)
        board.set("a", .downloading)
        board.set("a", .installationFailed)
        for status in [200, 403, 500, nil] { board.count(status) }
        let line = board.counts.line(since: Board.Counts(), seconds: 2)
        #expect(line == "idle 1, installation failed 1, silent 1 | 2 requests/s, refused 1, failed 1, unreached 1")
    }

    @Test("no more requests are under way than there are places, and everybody has a turn")
    func places() async throws {
        let places = Places(3)
        let board = Board(devices: 100)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<100 {
                group.addTask {
                    try await places.take()
                    board.set("\(number)", .downloading)
                    #expect(board.counts.devices[.downloading] ?? 0 <= 3)
                    await Task.yield()
                    board.set("\(number)", .idle)
                    places.give()
                }
            }
            try await group.waitForAll()
        }
        #expect(board.counts.devices[.idle] == 100)
    }

    @Test("who waits for a place and is cancelled gives it on")
    func cancelledPlace() async throws {
        let places = Places(1)
        try await places.take()
        let waiting = Task { try await places.take() }
        waiting.cancel()
        places.give()
        await #expect(throws: CancellationError.self) { try await waiting.value }
        try await places.take()
    }
}
