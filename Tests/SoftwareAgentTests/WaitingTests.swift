import Snaps
import Testing

@testable import SoftwareAgent

@Suite("What the agent waits for, and how long")
struct WaitingTests {
    private let conflict = SnapdRefusal(status: 409, kind: "snap-change-conflict", message: "busy")
    private let order = SnapRequest(id: "o", action: .disable, snap: "a")

    @Test("a change that was never heard, or is forgotten, is asked for again after waits that grow")
    func lostChanges() {
        for event in [AgentEvent.changeFound(nil, .required), .polled(nil, .required)] {
            var state = Samples.installing()
            let phase = state.kept.required?.phase
            for wait in [1000, 2000, 4000] as [Int64] {
                state.kept.required?.phase = phase ?? .looking
                state.take(event)
                #expect(state.kept.required?.phase == .looking)
                #expect(state.kept.required?.notBefore == wait)
                #expect(state.turn(at: 0) == .wait(until: wait))
            }
        }
    }

    @Test("an order that snapd never hears is asked for again after waits that grow, and ends")
    func lostOrders() {
        var state = Samples.asked([])
        state.deliver()
        state.ask(order)
        for wait in [1000, 2000, 4000] as [Int64] {
            state.take(.changesNumbered(last: 1, .order), .changeFound(nil, .order))
            #expect(state.kept.orders.first?.notBefore == wait)
            #expect(state.turn(at: 0) == .wait(until: wait))
        }
        for _ in 4...21 { state.take(.changeFound(nil, .order)) }
        #expect(state.kept.orders.isEmpty)
        #expect(state.kept.answers.first?.document.contains(#""success":false"#) == true)
    }

    @Test("while other changes have a required snap the waits grow to a minute; a change that begins ends that")
    func conflicts() {
        var state = Samples.installing()
        let phase = RequiredInstallRecord.Phase.installing([Samples.app.name], .begun(after: 8))
        for wait in [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000] as [Int64] {
            state.kept.required?.phase = phase
            state.take(.refused(conflict, .required))
            #expect(state.kept.required?.notBefore == wait)
        }
        state.kept.required?.phase = phase
        state.take(.started(change: "9", .required))
        state.kept.required?.phase = phase
        state.take(.refused(conflict, .required))
        #expect(state.kept.required?.notBefore == 1000)
    }

    @Test("a required change that waits, or takes longer than 10 min, holds up no orders; the server hears it once")
    func heldUp() throws {
        for (status, time) in [("Wait", 2000), ("Doing", AgentTiming.longestHold)] {
            var state = Samples.installing()
            state.ask(order)
            let doing = try #require(Samples.change("Doing"))
            state.take(.polled(doing, .required), at: 1000)
            #expect(state.turn(at: 1000) == .wait(until: 1200))
            let change = try #require(Samples.change(status))
            for _ in 1...3 { state.take(.polled(change, .required), at: Int64(time)) }
            #expect(state.kept.answers.count { $0.document.contains("snapd waits: \(status)") } == 1)
            state.deliver()
            #expect(state.turn(at: Int64(time)) == .step(.numberChanges(.order)))
            // Both are looked at, neither instead of the other.
            state.take(.changesNumbered(last: 8, .order), .started(change: "9", .order), at: Int64(time))
            #expect(state.turn(at: Int64(time) + 100) == .step(.poll(change: "9", .order)))
            #expect(state.turn(at: Int64(time) + 2000) == .step(.poll(change: "8", .required)))
            state.take(.polled(change, .required), at: Int64(time) + 2000)
            #expect(state.turn(at: Int64(time) + 2000) == .step(.poll(change: "9", .order)))
        }
    }

    @Test("after a restart the server does not hear it again")
    func heldUpAgain() throws {
        var state = Samples.installing()
        let change = try #require(Samples.change("Wait"))
        state.take(.polled(change, .required))
        state.deliver()
        var again = AgentState(state.kept, timing: state.timing, now: 0)
        again.take(.polled(change, .required))
        #expect(again.kept.answers.isEmpty)
    }

    @Test(
        "a message that does not reach the server for whatever reason is sent again after a wait",
        arguments: [SoftwareAgentError.Code.settingsInvalid, .serverRefused, .serverUnreachable, .storage])
    func unsent(code: SoftwareAgentError.Code) {
        var state = Samples.asked([])
        state.ask(SnapRequest(id: "u", action: .install))
        guard case .step(let step) = state.turn(at: 0), case .deliver = step else {
            Issue.record("there is no answer to deliver")
            return
        }
        let event = step.event(of: SoftwareAgentError(code, "words"))
        #expect(event == .serverFailed)
        state.take(event)
        #expect(state.turn(at: 0) == .wait(until: 1000))
        #expect(Step.heartbeat.event(of: SoftwareAgentError(code, "words")) == .serverFailed)
        #expect(Step.publishList(id: "").event(of: SoftwareAgentError(code, "words")) == .serverFailed)
    }

    @Test("a list that snapd does not give is snapd's failure, not the server's")
    func unlisted() {
        #expect(Step.publishList(id: "").event(of: SoftwareAgentError(.snapdUnreachable, "words")) == .snapdFailed)
    }
}
