import DeviceAuth
import Snaps
import Testing

@testable import Fleet

@Suite("What a device's agent is asked for")
struct SnapEngineTests {
    // MARK: Lists

    @Test("a heartbeat without hashes asks for nothing and changes nothing")
    func oldAgent() throws {
        var world = try SnapWorld()
        try world.require("hello")
        #expect(world.heartbeat(nil) == SnapDecision())
    }

    @Test("hashes that are not stored ask for the list, once until the answer is overdue")
    func asksOnce() throws {
        var world = try SnapWorld()
        let first = world.heartbeat(SnapWorld.hashes("a"))
        #expect(first.send == [SnapRequest(id: "r1", action: .list)])
        world.now += 10
        #expect(world.heartbeat(SnapWorld.hashes("a")).send.isEmpty)
        #expect(world.heartbeat(SnapWorld.hashes("b")).send.isEmpty)
        world.now += 20
        #expect(world.heartbeat(SnapWorld.hashes("b")).send.map(\.id) == ["r1"], "the same request again, since its answer may be lost")
        world.now += 30
        #expect(world.heartbeat(SnapWorld.hashes("b")).send.isEmpty, "the second wait is longer than the first")
    }

    @Test("hashes that are stored ask for nothing and need no writing", arguments: [true, false])
    func unchanged(_ isRequired: Bool) throws {
        var world = try SnapWorld()
        if isRequired { try world.require("hello") }
        _ = world.heartbeat(SnapWorld.hashes("a"))
        _ = try world.list(["hello"], SnapWorld.hashes("a"))
        world.now += 60
        #expect(world.heartbeat(SnapWorld.hashes("a")) == SnapDecision())
    }

    @Test(
        "either hash that differs asks for the list", arguments: [SnapHashes(list: "x", names: "na"), SnapHashes(list: "la", names: "x")])
    func eitherHash(_ hashes: SnapHashes) throws {
        var world = try SnapWorld()
        _ = try world.list(["hello"], SnapWorld.hashes("a"))
        #expect(world.heartbeat(hashes).send.map(\.action) == [.list])
    }

    @Test("a list without hashes does not make the next heartbeat ask at once for ever")
    func listWithoutHashes() throws {
        var world = try SnapWorld()
        var asked = 0
        for _ in 0..<100 {
            asked += world.heartbeat(SnapWorld.hashes("a")).send.count
            _ = try world.list(["hello"], nil)
            world.now += 10
        }
        #expect(asked < 8)
    }

    @Test("more devices than may be asked in a second wait for their next heartbeat")
    func askRate() throws {
        var world = try SnapWorld()
        world.mayAsk = false
        #expect(world.heartbeat(SnapWorld.hashes("a")).send.isEmpty)
        world.mayAsk = true
        #expect(world.heartbeat(SnapWorld.hashes("a")).send.count == 1)
    }

    @Test("a device whose hashes go to and fro is asked no more than once in five seconds")
    func restlessHashes() throws {
        var world = try SnapWorld()
        _ = try world.list(["hello"], SnapWorld.hashes("a"))
        var asked = 0
        for count in 0..<100 {
            asked += world.heartbeat(SnapWorld.hashes(count % 2 == 0 ? "b" : "a")).send.count
            world.now += 1
        }
        #expect(asked <= 20)
    }

    // MARK: Required snaps

    @Test("a list that lacks a required snap is answered with the new action, not with install")
    func missing() throws {
        var world = try SnapWorld()
        try world.require("hello")
        let decision = try world.list(["core"], SnapWorld.hashes("a"))
        #expect(decision.send.map(\.action) == [.requiredInstall])
        #expect(decision.send.first?.snaps?.map(\.name.text) == ["hello"])
        #expect(decision.mustSave)
        #expect(world.device.record.required?.state == .told)
    }

    @Test("nothing is told of what is missing while the names are known to have changed")
    func staleNames() throws {
        var world = try SnapWorld()
        _ = try world.list(["core"], SnapWorld.hashes("a"))
        try world.require("hello")
        #expect(world.heartbeat(SnapWorld.hashes("b")).send.map(\.action) == [.list])
        // The names are the same: only their state changed.
        #expect(world.heartbeat(SnapHashes(list: "other", names: "na")).send.map(\.action) == [.requiredInstall])
    }

    @Test("a requirement that is made later reaches a device whose snaps did not change")
    func laterRequirement() throws {
        var world = try SnapWorld()
        _ = try world.list(["core"], SnapWorld.hashes("a"))
        try world.require("hello")
        #expect(world.heartbeat(SnapWorld.hashes("a")).send.map(\.action) == [.requiredInstall])
    }

    @Test("it is repeated with the same id and growing pauses until a list shows the snap")
    func repeats() throws {
        var world = try SnapWorld()
        try world.require("hello")
        let first = try world.list([], SnapWorld.hashes("a")).send.map(\.id)
        var told: [Int64] = []
        let start = world.now
        for _ in 0..<600 {
            world.now += 60
            let sent = world.heartbeat(SnapWorld.hashes("a")).send
            #expect(sent.isEmpty || sent.map(\.id) == first)
            if !sent.isEmpty { told.append(world.now - start) }
        }
        let pauses = zip(told, told.dropFirst()).map { $1 - $0 }
        #expect(told.first == 120, "the first heartbeat after 90 s")
        #expect(pauses == pauses.sorted())
        #expect(pauses.last == 3600)
        #expect(try world.list(["hello"], SnapWorld.hashes("b")).send.isEmpty)
        #expect(world.device.record.required?.state == .installed)
    }

    @Test(
        "what the agent says of it is recorded",
        arguments: [
            (SnapAnswer.Progress?.none, true, RequiredInstall.State.accepted), (.none, false, .failed), (.accepted, true, .accepted),
            (.done, true, .done), (.failed, false, .failed),
        ])
    func progress(_ progress: SnapAnswer.Progress?, _ success: Bool, _ state: RequiredInstall.State) throws {
        var world = try SnapWorld()
        try world.require("hello")
        _ = try world.list([], SnapWorld.hashes("a"))
        let decision = world.hear(
            .answer(SnapAnswer(id: "r1", action: .requiredInstall, success: success, message: "words", progress: progress)))
        #expect(decision.mustSave)
        #expect(world.device.record.required?.state == state)
        #expect(world.device.record.required?.message == "words")
    }

    @Test("an answer to another request changes nothing")
    func strangeAnswer() throws {
        var world = try SnapWorld()
        try world.require("hello")
        _ = try world.list([], SnapWorld.hashes("a"))
        let before = world.device
        #expect(world.hear(.answer(SnapAnswer(id: "r9", action: .requiredInstall, success: true))) == SnapDecision())
        #expect(world.device == before)
    }

    @Test("a required snap that was removed on the device is required again at once")
    func removed() throws {
        var world = try SnapWorld()
        try world.require("hello")
        _ = try world.list([], SnapWorld.hashes("a"))
        _ = try world.list(["hello"], SnapWorld.hashes("b"))
        world.now += SentRequest.shortestPause
        let again = try world.list([], SnapWorld.hashes("a"))
        #expect(again.send.map(\.action) == [.requiredInstall])
        #expect(again.send.first?.id != "r1", "it is another request, which the agent must not take for done")
    }

    @Test("a device that has part of what it lacked is not told anew")
    func partly() throws {
        var world = try SnapWorld()
        try world.require("hello", "world")
        _ = try world.list([], SnapWorld.hashes("a"))
        world.now += 10
        #expect(try world.list(["hello"], SnapWorld.hashes("b")).send.isEmpty)
        #expect(try world.list(["hello", "world"], SnapWorld.hashes("c")).send.isEmpty)
        #expect(world.device.record.required?.state == .installed)
    }

    @Test("another requirement is told at the next heartbeat")
    func another() throws {
        var world = try SnapWorld()
        try world.require("hello")
        _ = try world.list([], SnapWorld.hashes("a"))
        world.now += 10
        try world.require("hello", "world")
        let told = world.heartbeat(SnapWorld.hashes("a")).send
        #expect(told.first?.snaps?.map(\.name.text) == ["hello", "world"])
    }

    @Test("a requirement that is taken back removes nothing, and tells the agent to stop trying")
    func withdrawn() throws {
        var world = try SnapWorld()
        try world.require("hello")
        _ = try world.list([], SnapWorld.hashes("a"))
        world.now += 10
        world.required = []
        let told = world.heartbeat(SnapWorld.hashes("a")).send
        #expect(told.map(\.action) == [.requiredInstall])
        #expect(told.first?.snaps == [])
        _ = world.hear(.answer(SnapAnswer(id: told[0].id, action: .requiredInstall, success: true, progress: .accepted)))
        #expect(world.device.record.required == nil)
        world.now += 100_000
        #expect(world.heartbeat(SnapWorld.hashes("a")).send.isEmpty)
    }

    @Test("a requirement that is taken back before the device was told is never told")
    func withdrawnBefore() throws {
        var world = try SnapWorld()
        try world.require("hello")
        world.mayTell = false
        _ = try world.list([], SnapWorld.hashes("a"))
        world.mayTell = true
        world.required = []
        #expect(world.heartbeat(SnapWorld.hashes("a")).send.isEmpty)
        #expect(world.device.record.required == nil)
    }

    @Test("an agent that never answers is told only a few times that nothing is required any more")
    func withdrawnUnheard() throws {
        var world = try SnapWorld()
        try world.require("hello")
        _ = try world.list([], SnapWorld.hashes("a"))
        world.required = []
        var told = 0
        for _ in 0..<1000 {
            world.now += 3600
            told += world.heartbeat(SnapWorld.hashes("a")).send.count
        }
        #expect(told == RequiredInstall.mostWithdrawals)
        #expect(world.device.record.required == nil)
    }

    @Test("an agent that calls done what its lists never show is told again at the usual pauses")
    func falselyDone() throws {
        var world = try SnapWorld()
        try world.require("hello")
        var told = 0
        for _ in 0..<1000 {
            let sent = try world.list([], SnapWorld.hashes("a")).send
            told += sent.count
            if let id = world.device.record.required?.request.id {
                _ = world.hear(.answer(SnapAnswer(id: id, action: .requiredInstall, success: true, progress: .done)))
            }
            world.now += 1
        }
        #expect(told < 6)
    }

    @Test("a device whose list changes with every message takes no more than one turn in five seconds")
    func restless() throws {
        var world = try SnapWorld()
        var told = 0
        for count in 0..<100 {
            try world.require(count % 2 == 0 ? "hello" : "world")
            told += try world.list([], SnapWorld.hashes("\(count)")).send.count
            world.now += 1
        }
        #expect(told <= 20)
    }

    // MARK: Orders

    private func order(_ action: SnapAction, _ id: String, _ world: SnapWorld) throws -> SnapOrder {
        SnapOrder(
            device: try DeviceID("one"), action: action, snap: try SnapName("hello"), data: nil, by: "ann", createdAt: world.now,
            request: SentRequest(id: id))
    }

    @Test("an order goes out with the next heartbeat, one of each action at a time, the next when it is answered")
    func orders() throws {
        var world = try SnapWorld()
        world.device.orders = try [order(.install, "o1", world), order(.install, "o2", world), order(.remove, "o3", world)]
        #expect(world.heartbeat(nil).send.map(\.id) == ["o1", "o3"])
        let decision = world.hear(.answer(SnapAnswer(id: "o1", action: .install, success: false, message: "no such snap")))
        #expect(decision.finished.first?.outcome?.kind == .failed)
        #expect(decision.finished.first?.outcome?.message == "no such snap")
        #expect(decision.send.map(\.id) == ["o2"])
        #expect(world.device.orders.map(\.id) == ["o2", "o3"])
    }

    @Test("an unanswered order is sent again under its id; over a broker only what may be done twice")
    func orderRepeats() throws {
        for (transport, expected) in [(SnapTransport.https, ["o1", "o2"]), (.mqtt, ["o1"])] {
            var world = try SnapWorld()
            world.transport = transport
            world.device.orders = try [order(.install, "o1", world), order(.revert, "o2", world)]
            #expect(world.heartbeat(nil).send.map(\.id) == ["o1", "o2"])
            world.now += 30
            #expect(world.heartbeat(nil).send.map(\.id) == expected)
        }
    }

    @Test("an order that nobody answers ends after its lifetime")
    func orderExpires() throws {
        var world = try SnapWorld()
        world.device.orders = [try order(.install, "o1", world)]
        world.now += SnapOrder.lifetime
        let decision = world.heartbeat(nil)
        #expect(decision.finished.first?.outcome?.kind == .expired)
        #expect(decision.send.isEmpty)
        #expect(world.device.orders.isEmpty)
    }

    // MARK: The model

    @Test("the model of the heartbeat does not replace the assertion's, and an operator's word counts before both")
    func models() throws {
        var model = DeviceModel()
        #expect(model.effective(hardwareID: "intel-corei7-64")?.source == .inventory)
        model.hear(DeviceModel.Claim(name: try ModelName("a"), source: .heartbeat))
        model.hear(DeviceModel.Claim(name: try ModelName("b"), brand: "acme", source: .assertion))
        model.hear(DeviceModel.Claim(name: try ModelName("c"), source: .heartbeat))
        #expect(model.effective(hardwareID: nil)?.name.text == "b")
        model.assigned = try ModelName("d")
        #expect(model.effective(hardwareID: nil) == DeviceModel.Claim(name: try ModelName("d"), source: .admin))
    }

    @Test("the serial of the heartbeat counts until the device is enrolled with another")
    func serials() throws {
        var world = try SnapWorld()
        func say(_ serial: String) { _ = world.hear(.heartbeat(Heartbeat(device: "one", refresh: "", hashes: nil, serial: serial))) }
        say("s1")
        #expect(world.device.record.model.serial == "s1")
        world.device.record.model.hear(DeviceModel.Claim(name: try ModelName("box"), brand: "acme", source: .assertion))
        world.device.record.model.serial = "s2"
        say("s1")
        #expect(world.device.record.model.serial == "s2")
    }
}
