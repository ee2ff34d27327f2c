import Snaps
import Testing

@testable import SoftwareAgent

@Suite("Installing required snaps, as decisions")
struct RequiredInstallTests {
    private let base = Samples.base
    private let app = Samples.app

    /// A state that was asked for `snaps`, its heartbeat behind it, and nobody to tell.
    private func state(_ snaps: [RequiredSnap]) -> AgentState {
        var state = AgentState(AgentRecord(), timing: AgentTiming(heartbeat: 60), now: 0)
        state.beginHeartbeat(at: 0, chance: 0.5)
        state.apply(.heartbeatTaken(SnapRequests([SnapRequest(id: "r", required: snaps)])), at: 0, chance: 0)
        return state
    }

    private func deliver(_ state: inout AgentState) {
        while let answer = state.kept.answers.first { state.apply(.delivered(answer, SnapRequests([])), at: 0, chance: 0) }
    }

    private func prepared() -> AgentState {
        var state = state([base, app])
        deliver(&state)
        for event in [AgentEvent.listed([]), .fetched(base), .fetched(app), .acknowledged(base), .acknowledged(app)] {
            state.apply(event, at: 0, chance: 0)
        }
        return state
    }

    @Test("a request is on the disk together with the answer that says so")
    func accepts() throws {
        let state = state([base])
        #expect(state.kept.required?.id == "r")
        #expect(state.kept.answers.map(\.id) == ["r"])
        #expect(state.kept.answers[0].document.contains(#""state":"accepted""#))
        let record = try AgentRecord(parsing: state.kept.json)
        #expect(record == state.kept)
    }

    @Test("an empty request takes back what was asked before")
    func withdrawn() {
        var state = prepared()
        state.apply(.heartbeatTaken(SnapRequests([SnapRequest(id: "r-2", required: [])])), at: 0, chance: 0)
        #expect(state.kept.required == nil)
        #expect(state.kept.answers.last?.id == "r-2")
        #expect(state.kept.answers.last?.document.contains(#""state":"accepted""#) == true)
    }

    @Test("files are fetched, acknowledged in order, and asked for in one transaction")
    func order() {
        var state = state([base, app])
        deliver(&state)
        var steps: [Step] = []
        let events =
            [AgentEvent.listed([]), .fetched(base), .fetched(app), .acknowledged(base), .acknowledged(app)]
            + [.changesNumbered(last: 7, .required), .started(change: "8", .required)]
        for event in events {
            if case .step(let step) = state.turn(at: 0) { steps.append(step) }
            state.apply(event, at: 0, chance: 0)
        }
        #expect(
            steps == [
                .lookAtList, .fetch(base), .fetch(app), .acknowledge(base), .acknowledge(app), .numberChanges(.required),
                .install([base, app]),
            ])
        #expect(state.turn(at: 100) == .step(.poll(change: "8", .required)))
    }

    @Test("ended while it asks snapd, the agent looks for the change before it asks again")
    func unsure() {
        var state = prepared()
        state.apply(.changesNumbered(last: 7, .required), at: 0, chance: 0)
        var again = AgentState(state.kept, timing: state.timing, now: 0)
        again.beginHeartbeat(at: 0, chance: 0.5)
        #expect(again.turn(at: 0) == .step(.findChange(after: 7, about: ["testbase", "hello"], .required)))
        // The same when snapd's answer was lost.
        state.apply(.snapdFailed, at: 0, chance: 0)
        #expect(state.turn(at: 0) == .wait(until: 1000))
        #expect(state.turn(at: 1000) == .step(.findChange(after: 7, about: ["testbase", "hello"], .required)))
        state.apply(.changeFound("9", .required), at: 1000, chance: 0)
        #expect(state.turn(at: 1100) == .step(.poll(change: "9", .required)))
    }

    @Test("it is over only when the list shows every snap")
    func over() {
        var state = prepared()
        state.apply(.listed(Set([base.name])), at: 0, chance: 0)
        #expect(state.kept.required != nil)
        state.apply(.listed(Set([base.name, app.name])), at: 0, chance: 0)
        #expect(state.kept.required == nil)
        #expect(state.kept.answers.last?.document.contains(#""state":"done""#) == true)
        #expect(state.kept.lists == [""])
    }

    @Test("what failed is told once, and tried again after a wait that doubles")
    func retries() {
        var state = state([Samples.store("a")])
        deliver(&state)
        var now: Int64 = 0
        for wait in [1000, 2000, 4000] as [Int64] {
            state.apply(.listed([]), at: now, chance: 0)
            state.apply(.changesNumbered(last: 0, .required), at: now, chance: 0)
            state.apply(.refused(SnapdRefusal(status: 400, kind: nil, message: "unreachable"), .required), at: now, chance: 0)
            state.apply(.listed([]), at: now, chance: 0)
            #expect(state.kept.required?.notBefore == now + wait)
            now += wait
        }
        #expect(state.kept.answers.count { $0.document.contains("unreachable") } == 1)
    }

    @Test("a clock that was set back does not stop the agent")
    func clock() {
        var state = state([Samples.store("a")])
        deliver(&state)
        state.kept.required?.notBefore = 1 << 50
        #expect(state.turn(at: 0) == .step(.lookAtList))
    }

    @Test("while snapd installs what is required, ordinary orders wait; while it is only to be tried later, they do not")
    func priority() {
        var state = prepared()
        let order = SnapRequest(id: "o", action: .info, snap: "a")
        state.apply(.heartbeatTaken(SnapRequests([order, order])), at: 0, chance: 0)
        #expect(state.kept.orders.count == 1)
        #expect(state.turn(at: 0) == .step(.numberChanges(.required)))
        state.apply(.changesNumbered(last: 0, .required), at: 0, chance: 0)
        state.apply(.started(change: "1", .required), at: 0, chance: 0)
        #expect(state.turn(at: 0) == .wait(until: 100))
        state.apply(.polled(nil, .required), at: 100, chance: 0)
        state.kept.required?.notBefore = 5000
        #expect(state.turn(at: 100) == .step(.perform(order)))
    }

    @Test("an order that comes again after it was done is answered again and not done again")
    func orderOnce() {
        var state = state([base])
        state.kept = AgentRecord()
        let asked = SnapRequests([SnapRequest(id: "o", action: .info, snap: "a")])
        state.apply(.heartbeatTaken(asked), at: 0, chance: 0)
        state.apply(.performed(success: true, message: "", result: "{}"), at: 0, chance: 0)
        deliver(&state)
        state.apply(.heartbeatTaken(asked), at: 0, chance: 0)
        #expect(state.kept.orders.isEmpty)
        #expect(state.kept.answers.map(\.id) == ["o"])
    }
}
