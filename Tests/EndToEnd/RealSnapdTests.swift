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

    @Test("it reads the form with several files, and refuses snaps whose assertions it does not have")
    func refusesUnsigned() async throws {
        let snapd = try await RealSnapd()
        defer { snapd.stop() }
        try await expectEventually(within: 30) { try await snapd.isSeeded() }
        let world = try await SnapWorld(socket: snapd.socket)
        defer { world.stop() }
        let snaps = [
            ("snapd", "DGtJrt4B-G85sy5PC4qNHQG8r1sB7CaTI-zZ9DM_25bzIaghofvu1n-iqkPmZO_H"),
            ("testbase", "Y2uDO2xpF503uFvLaMHYVJxU628Nmo7dvIzq9XnnfpVgf3zOMj0I1pXBROpCMQy0"),
        ]
        try FileManager.default.createDirectory(atPath: "\(world.folder)/state/snaps", withIntermediateDirectories: true)
        for (name, digest) in snaps {
            try FileManager.default.copyItem(
                atPath: "\(Binaries.sampleSnaps)/\(name)_1.snap", toPath: "\(world.folder)/state/snaps/\(digest).snap")
        }
        let digests = snaps.map { "\"\($0.1)\"" }.joined(separator: ",")
        let required = snaps.map {
            #"{"name":"\#($0.0)","classic":false,"source":"update","revision":"1","size":4096,"sha3-384":"\#($0.1)"}"#
        }.joined(separator: ",")
        // As if it had prepared them: only snapd's own check is left.
        try world.write(
            "state/state.json",
            #"{"version":1,"answers":[],"finished":[],"lists":[],"orders":[],"required":{"id":"required-1","attempt":0,"notBefore":0,"#
                + #""fetched":[\#(digests)],"acknowledged":[\#(digests)],"isTogether":true,"problems":[],"#
                + #""phase":{"preparing":{"_0":["snapd","testbase"]}},"snaps":[\#(required)]}}"#)
        let outcome = try await world.runAgent()
        #expect(outcome.status == 1)
        let words = world.answers.compactMap { $0["message"] as? String }
        for (name, _) in snaps {
            let expected = "\(name): cannot find signatures with metadata for snap \"\(name)_1.snap\""
            #expect(words.contains { $0.contains(expected) }, "\(words)")
        }
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
