import Foundation
import Testing

@Suite("The agent and a real snapd", .enabled(if: RealSnapd.obstacle == nil))
struct RealSnapdTests {
    @Test("its list, its model and its refusals reach the server")
    func speaks() async throws {
        let snapd = try await RealSnapd()
        defer { snapd.stop() }
        try await expectEventually(within: 30) { try await snapd.isSeeded() }
        let world = try await SnapWorld(required: ["snapd"], socket: snapd.socket)
        defer { world.stop() }
        let outcome = try await world.runAgent()
        // The hash of the empty list, as the contract has it.
        #expect(world.lastHeartbeat["snapListHash"] as? String == "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945")
        #expect(world.lastHeartbeat["installedSnapsHash"] as? String == world.lastHeartbeat["snapListHash"] as? String)
        #expect(world.lastHeartbeat["model"] as? String == "generic-classic")
        #expect(world.lastHeartbeat["brand"] as? String == "generic")
        #expect(world.answers.contains { $0["action"] as? String == "list" })
        // The samples are signed by nobody whom snapd knows.
        #expect(outcome.status == 1)
        #expect(world.states.prefix(2) == ["accepted", "failed"])
        #expect(world.lastFailure?.contains("cannot decode request body into assertions") == true, "\(world.lastFailure ?? "")")
    }

    @Test(
        "orders are answered in its words",
        arguments: [
            (#""action":"server""#, true, ""), (#""action":"info","snap":"nothing""#, false, "snap not installed"),
            (#""action":"remove","snap":"nothing""#, true, #"snap "nothing" is not installed"#),
            (#""action":"ack","data":"no assertion""#, false, "cannot decode"),
        ])
    func orders(order: String, succeeds: Bool, words: String) async throws {
        let snapd = try await RealSnapd()
        defer { snapd.stop() }
        try await expectEventually(within: 30) { try await snapd.isSeeded() }
        let world = try await SnapWorld(socket: snapd.socket)
        defer { world.stop() }
        try world.write("orders.json", #"[{"id":"o-1",\#(order)}]"#)
        let outcome = try await world.runAgent()
        #expect(outcome.status == 0, "\(outcome.errors)")
        let answer = world.answer(to: "o-1")
        #expect(answer?["success"] as? Bool == succeeds, "\(answer ?? [:])")
        let message = answer?["message"] as? String ?? ""
        #expect(words.isEmpty || message.contains(words), "\(message)")
    }
}
