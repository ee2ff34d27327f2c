import Foundation
import Testing

@Suite("Killed at any moment")
struct RecoveryTests {
    /// What is done to new devices, one step after the other; the second rollout takes them from the first.
    private static func step(_ number: Int, _ model: RolloutModel, _ devices: [String], first: String?) -> RolloutModel.Operation? {
        let newest = model.newest ?? ""
        return switch number {
        case 0: .create(update: "42")
        case 1: .add(rollout: newest, devices: Array(devices.prefix(3)) + ["other-tag"])
        case 2: .start(rollout: newest)
        case 3: .add(rollout: newest, devices: Array(devices.suffix(2)))
        case 4: .create(update: "43")
        case 5: .add(rollout: newest, devices: devices)
        case 6: .start(rollout: newest)
        default: nil
        }
    }

    @Test("Killed before any single write of making, filling, starting and taking over, rollouts are as they were or as they should be")
    func everyWrite() async throws {
        let server = try await TestServer.start()
        defer { server.stop() }
        try await server.preregister(["other-tag"], tag: "devel")
        #expect(await server.terminate() == 0)
        let killPoint = try await KillPoint(in: server.datadir)
        var model = RolloutModel(matching: [])
        try await server.launch(environment: killPoint.environment)
        var point = 0
        var isDone = false
        while !isDone {
            point += 1
            let devices = (1...5).map { "d\(point)-\($0)" }
            try await server.preregister(devices)
            model.know(devices)
            try killPoint.arm(point)
            var pending: RolloutModel.Operation?
            var number = 0
            while let operation = Self.step(number, model, devices, first: nil) {
                guard try await model.perform(operation, on: server) else {
                    pending = operation
                    break
                }
                number += 1
                // Ids are sorted by the second of their making: the newest must be the one just made.
                if number == 4 { try await Self.nextSecond() }
            }
            isDone = pending == nil
            killPoint.disarm()
            await server.kill()
            try await server.launch(environment: killPoint.environment)
            try await model.expect(server, pending: pending, "write \(point), \(pending.map { "\($0)" } ?? "all")")
        }
        print("killed before each of \(point - 1) writes")
        #expect(point > 60, "the server was not killed at its writes")
    }
}
