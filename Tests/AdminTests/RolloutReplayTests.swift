import DeviceAuth
import Fleet
import Testing
import UpdateTree

@testable import Admin

@Suite("Rollouts read again from their files")
struct RolloutReplayTests {
    private static func picture(_ fixture: Fixture, _ id: RolloutID) async throws -> [String] {
        let progress = try await fixture.rollouts.progress(of: fixture.rollouts.show(id))
        return progress.devices.map { "\($0.id) \($0.stage.name) \($0.failure ?? "-")" }.sorted()
    }

    @Test(
        "a device's words change nothing about what its line says, whatever they are",
        arguments: ["no space", ": - false: ", "\u{301}accent", "\u{200D}joiner", "\u{FE0F}", "\u{1F1F3}", "- true", "\u{2028}x"])
    func words(details: String) async throws {
        let fixture = try Fixture()
        let id = try await fixture.startedRollout(of: ["d1", "d2"])
        try await fixture.report("EcuInstallationCompleted", success: false, details: details, from: "d1")
        let live = try await Self.picture(fixture, id)
        try await fixture.rollouts.recover()
        let again = try await Self.picture(fixture, id)
        #expect(again == live)
    }

    @Test("a device that one rollout is done with stays the other's, whichever of them started first")
    func owner() async throws {
        let fixture = try Fixture()
        let first = try await fixture.startedRollout(of: ["d1"])
        fixture.clock.move(by: 60)
        let second = try await fixture.startedRollout(of: ["moves", "d2"])
        try await fixture.report("EcuInstallationCompleted", success: true, from: "moves")
        _ = try await fixture.rollouts.add([DeviceID("moves")], to: first)
        #expect(try fixture.rollouts.board.rollout(of: DeviceID("moves")) == first)
        try await fixture.rollouts.recover()
        #expect(try fixture.rollouts.board.rollout(of: DeviceID("moves")) == first)
        #expect(try await fixture.rollouts.show(second).state == .running)
    }
}
