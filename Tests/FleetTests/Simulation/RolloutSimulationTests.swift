import DeviceAuth
import Testing
import UpdateTree

@testable import Fleet

@Suite("Simulations of rollouts")
struct RolloutSimulationTests {
    /// Midnight of a Thursday.
    private static let now: Int64 = 2_900 * 7 * 86_400
    private static let hour: Int64 = 3_600

    /// Seen an hour ago, and in these hours of the day.
    private func device(
        _ name: String, hours: [Int] = Array(0..<24), ago: Int64 = hour, _ eligibility: Eligibility = .eligible, target: String? = nil
    ) throws -> SimulatedDevice {
        let seen = hours.reduce(ContactHours()) { $0.seen(at: Self.now - 86_400 + Int64($1) * Self.hour) }
        return SimulatedDevice(
            id: try id(name), lastSeen: ago < 0 ? 0 : Self.now - ago, hours: seen, eligibility: eligibility, target: target)
    }

    private func devices(_ count: Int, hours: [Int] = Array(0..<24), ago: Int64 = hour, from: Int = 0) throws -> [SimulatedDevice] {
        try (from..<from + count).map { try device("d\($0)", hours: hours, ago: ago) }
    }

    private func simulate(
        _ plan: RolloutPlan = .plain, _ devices: [SimulatedDevice], bytes: (String?) -> Int64? = { _ in 10 }
    ) -> RolloutSimulation {
        RolloutSimulation(plan, devices: devices, bytes: bytes, at: Self.now)
    }

    private func slugs(_ simulation: RolloutSimulation) -> [RolloutSimulation.Warning.Slug] { simulation.warnings.map(\.slug) }

    // MARK: What goes wrong

    @Test("a device that was never seen, or not for longer than the deadline, misses it, and is waited for until then")
    func deadline() throws {
        let plan = RolloutPlan(deadline: TimeSpan(seconds: 2 * Self.hour))
        let simulation = try simulate(plan, [device("a"), device("b", ago: -1), device("c", ago: 3 * Self.hour)])
        #expect(simulation.misses == [.neverSeen: [try id("b")], .silent: [try id("c")]])
        #expect(simulation.endsAt == Self.now + 2 * Self.hour)
        #expect(simulation.phases[0].succeeding == 1 && simulation.warnings.isEmpty)
    }

    @Test("without a deadline a device that does not come keeps the rollout open for ever")
    func endless() throws {
        let simulation = try simulate(.plain, [device("a"), device("b", ago: 15 * 86_400)])
        #expect(simulation.endsAt == nil && slugs(simulation) == [.neverEnds])
        #expect(simulation.misses[.silent] == [try id("b")])
        #expect(try simulate(.plain, [device("a"), device("b", ago: 13 * 86_400)]).endsAt != nil)
    }

    @Test("a device that is never in contact while the window is open is told; it takes the update later")
    func outsideWindow() throws {
        let plan = RolloutPlan(window: try TimeWindow(from: 60, to: 120, zone: "UTC"))
        let simulation = try simulate(plan, [device("a", hours: [1]), device("b", hours: [5])])
        #expect(simulation.misses == [.outsideWindow: [try id("b")]])
        #expect(simulation.endsAt == Self.now + 5 * Self.hour + RolloutSimulation.duration)
    }

    @Test("the window's hours are those of its zone")
    func zone() throws {
        // 01:00 to 02:00 in Tokyo is 16:00 to 17:00 of the day before in UTC.
        let plan = RolloutPlan(window: try TimeWindow(from: 60, to: 120, zone: "Asia/Tokyo"))
        let simulation = try simulate(plan, [device("a", hours: [16]), device("b", hours: [1])])
        #expect(simulation.misses == [.outsideWindow: [try id("b")]])
    }

    @Test("a gate that too few devices can reach is told, and the phases behind it never open")
    func gate() throws {
        let plan = RolloutPlan(
            phases: [RolloutPhase(size: .percent(100), gate: 90), RolloutPhase()], deadline: TimeSpan(seconds: Self.hour))
        let simulation = try simulate(plan, devices(8) + devices(2, ago: 2 * Self.hour, from: 8))
        #expect(slugs(simulation) == [.gateOutOfReach])
        #expect(simulation.phases[0].endsAt == nil && simulation.phases[1].opensAt == nil && simulation.endsAt == nil)
        #expect(simulation.phases[0].succeeding == 8)
    }

    @Test("devices that miss the deadline count against the limits")
    func limits() throws {
        let deadline = TimeSpan(seconds: Self.hour)
        let fleet = try devices(8) + devices(2, ago: 2 * Self.hour, from: 8)
        #expect(slugs(simulate(RolloutPlan(errorLimit: .percent(19), deadline: deadline), fleet)) == [.errorLimit])
        #expect(slugs(simulate(RolloutPlan(errorLimit: .percent(20), deadline: deadline), fleet)).isEmpty)
        #expect(slugs(simulate(RolloutPlan(phases: [RolloutPhase(errorLimit: .count(1))], deadline: deadline), fleet)) == [.errorLimit])
    }

    @Test("devices that never end take up the cap until nobody is offered anything")
    func stalled() throws {
        let fleet = try devices(3, ago: 20 * 86_400) + devices(3, from: 3)
        let simulation = simulate(RolloutPlan(cap: 1), fleet)
        #expect(slugs(simulation) == [.neverOffered, .neverEnds] && simulation.endsAt == nil)
        #expect(slugs(simulate(RolloutPlan(deadline: TimeSpan(seconds: Self.hour), cap: 1), fleet)).isEmpty)
    }

    @Test("devices that must run another version first are told and never end; a dynamic rollout does not either")
    func held() throws {
        let simulation = try simulate(.plain, [device("a"), device("b", .needs(version: 41))])
        #expect(simulation.held == [try id("b")] && slugs(simulation) == [.neverEnds])
        let dynamic = try simulate(RolloutPlan(targets: RolloutTargets(.filter("tag=main"), isDynamic: true)), [device("a")])
        #expect(slugs(dynamic) == [.neverEnds] && dynamic.endsAt == nil)
    }

    // MARK: Time

    @Test("a device is expected in the next hour in which it was seen lately, or in the one in which it was seen last")
    func habits() throws {
        #expect(try simulate(.plain, [device("a", hours: [0])]).endsAt == Self.now + RolloutSimulation.duration)
        #expect(try simulate(.plain, [device("a", hours: [6, 20])]).endsAt == Self.now + 6 * Self.hour + RolloutSimulation.duration)
        #expect(
            try simulate(.plain, [device("a", hours: [], ago: 2 * Self.hour)]).endsAt == Self.now + 22 * Self.hour
                + RolloutSimulation.duration)
    }

    @Test("phases open when the gate of the one before was met for its soak time")
    func phases() throws {
        let plan = RolloutPlan(phases: [
            RolloutPhase(name: "canary", size: .count(2), gate: 50, soak: TimeSpan(seconds: Self.hour)),
            RolloutPhase(size: .count(3), then: .pause),
            RolloutPhase(),
        ])
        let simulation = try simulate(plan, devices(10))
        #expect(simulation.phases.map(\.devices) == [2, 3, 5] && simulation.phases[0].name == "canary")
        let second = Self.now + RolloutSimulation.duration + Self.hour
        #expect(simulation.phases.map(\.opensAt) == [Self.now, second, second])
        #expect(simulation.phases[0].endsAt == second && simulation.endsAt == second + RolloutSimulation.duration)
        #expect(slugs(simulation) == [.planPauses])
    }

    @Test("the cap makes devices wait for each other, the start time and the window for the clock")
    func waiting() throws {
        #expect(try simulate(RolloutPlan(cap: 2), devices(6)).endsAt == Self.now + 3 * RolloutSimulation.duration)
        let later = RolloutPlan(startAt: Self.now + 2 * Self.hour)
        #expect(try simulate(later, devices(2)).endsAt == Self.now + 2 * Self.hour + RolloutSimulation.duration)
        #expect(try simulate(RolloutPlan(startAt: Self.now - 5), devices(2)).beginsAt == Self.now)
        let window = RolloutPlan(window: try TimeWindow(from: 180, to: 240, zone: "UTC"))
        #expect(try simulate(window, devices(2)).endsAt == Self.now + 3 * Self.hour + RolloutSimulation.duration)
        // Four at a quarter of an hour each fill the hour; the fifth waits for the next day.
        let both = RolloutPlan(window: try TimeWindow(from: 180, to: 240, zone: "UTC"), cap: 1)
        #expect(try simulate(both, devices(5)).endsAt == Self.now + 27 * Self.hour + RolloutSimulation.duration)
    }

    @Test("bytes are those of each device's target, and none for devices that run the update; unknown ones make the sum unknown")
    func bytes() throws {
        let fleet = try [
            device("a", target: "lmp-42"), device("b", target: "lmp-41"), device("c", .present(target: "lmp-43"), target: "lmp-43"),
            device("d"),
        ]
        let sizes: [String?: Int64] = ["lmp-42": 1, "lmp-41": 20, nil: 300]
        #expect(simulate(.plain, fleet) { sizes[$0] ?? nil }.bytes == 321)
        #expect(simulate(.plain, fleet) { $0 == nil ? nil : 1 }.bytes == nil)
        #expect(simulate(.plain, fleet) { _ in .max }.bytes == .max)
        #expect(simulate(.plain, fleet).present == 1)
    }

    @Test("without devices it ends when it begins")
    func none() { #expect(simulate(.plain, []).endsAt == Self.now) }

    // MARK: The fleet

    @Test("against the inventory: who matches, who cannot take part, who is in another rollout; nothing is changed")
    func outlook() async throws {
        let world = try await RolloutWorld()
        let other = try await world.started("42", ["a"])
        let before = try await world.picture()
        let named = try await world.operations.simulate(
            update("43"), plan: .plain, for: ["a", "b", "c", "d", "x", "a"].map { try id($0) }
        ) { _ in 5 }
        #expect(named.matched == 5 && named.excluded == [.otherTag: 1, .denied: 1, .unknown: 1])
        #expect(named.conflicts == [other: [try id("a")]])
        #expect(named.simulation.misses[.neverSeen]?.count == 2 && named.simulation.bytes == 10)
        let matching = try await world.operations.simulate(
            update("43"), plan: RolloutPlan(targets: RolloutTargets(.filter("uuid=a or uuid=c"))), for: []
        ) { _ in 5 }
        #expect(matching.matched == 2 && matching.excluded == [.otherTag: 1])
        await #expect { try await world.operations.simulate(update("gone"), plan: .plain, for: []) { _ in 5 } } throws: {
            ($0 as? FleetError)?.code == .updateUnknown
        }
        #expect(try await world.picture() == before)
        #expect(try await world.operations.list().count == 1)
    }
}
