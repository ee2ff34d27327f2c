import Foundation
import Testing

@Suite("An agent that is killed while it installs")
struct SnapAgentKillTests {
    private static let required = ["snapd", "testbase", "hello-offline"]

    /// Started again, the agent must bring every snap in once, and the server must know.
    private func check(_ world: SnapWorld, _ what: String) async throws {
        let again = try await world.runAgent()
        #expect(again.status == 0, "\(what): \(again.errors)")
        #expect(world.installs == ["snapd": 1, "testbase": 1, "hello-offline": 1], "\(what)")
        #expect(world.listed == Set(Self.required), "\(what)")
        #expect(world.told["open"] is NSNull, "\(what)")
        #expect(world.states.last == "done", "\(what): \(world.states)")
    }

    @Test("before or after any request to snapd, the snaps end up installed once", arguments: ["before", "after"], 1...2)
    func atRequests(when: String, first: Int) async throws {
        var number = first
        var killed = 0
        while true {
            let world = try await SnapWorld(required: Self.required)
            defer { world.stop() }
            try world.setFaults(#"{"slow":2,"kill":{"at":\#(number),"when":"\#(when)"}}"#)
            let outcome = try await world.runAgent()
            // `timeout` tells that its program was killed.
            let wasKilled = outcome.status == 137 || outcome.status == SIGKILL
            #expect(wasKilled || outcome.status == 0, "\(when) \(number): \(outcome.errors)")
            try world.setFaults(#"{"slow":2}"#)
            try await check(world, "\(when) request \(number)")
            guard wasKilled else { break }
            killed += 1
            number += 2
        }
        #expect(killed > 5)
        print("killed \(when) every second request to snapd from \(first) to \(number)")
    }

    @Test("before any change of a file, the snaps end up installed once", arguments: 1...4)
    func atFiles(first: Int) async throws {
        var point = first
        var killed = 0
        while true {
            let world = try await SnapWorld(required: Self.required)
            defer { world.stop() }
            try world.setFaults(#"{"slow":2}"#)
            let killPoint = try await KillPoint(in: world.folder)
            try killPoint.arm(point)
            // Without `timeout`, which is a process of its own and lives under the same library.
            let outcome = try await Tool.run(world.command + ["--once"], environment: killPoint.environment)
            killPoint.disarm()
            let wasKilled = outcome.status == SIGKILL
            #expect(wasKilled || outcome.status == 0, "change \(point): \(outcome.errors)")
            try await check(world, "change \(point)")
            guard wasKilled else { break }
            killed += 1
            point += 4
        }
        #expect(killed > 5)
        print("killed before every fourth change of a file from \(first) to \(point)")
    }

    @Test("together with snapd and the device, as by a reboot, the snaps end up installed once", arguments: [5, 9, 11, 13])
    func reboot(number: Int) async throws {
        let world = try await SnapWorld(required: Self.required)
        defer { world.stop() }
        try world.setFaults(#"{"slow":2,"kill":{"at":\#(number),"when":"after"}}"#)
        try await world.runAgent()
        await world.killSnapd()
        try world.setFaults(#"{"slow":2}"#)
        try await world.startSnapd()
        try await check(world, "request \(number)")
    }

    @Test("an order that was under way is not begun again", arguments: ["before", "after"], 1...4)
    func orders(when: String, number: Int) async throws {
        let world = try await SnapWorld(required: ["snapd"])
        defer { world.stop() }
        #expect(try await world.runAgent().status == 0)
        try world.write("orders.json", #"[{"id":"o-1","action":"disable","snap":"snapd"}]"#)
        // After the three requests of a heartbeat.
        try world.setFaults(#"{"slow":2,"kill":{"at":\#(number + 3),"when":"\#(when)"}}"#)
        try await world.runAgent()
        try world.setFaults("{}")
        let again = try await world.runAgent()
        #expect(again.status == 0, "\(again.errors)")
        #expect(world.answer(to: "o-1")?["success"] as? Bool == true)
        #expect(world.snapdRequests.count { $0 == "POST /v2/snaps/snapd" } == (when == "before" && number == 2 ? 2 : 1))
    }
}
