import Snaps

/// Ordinary requests: one after the other, each once.
extension AgentState {
    /// Attempts while other changes have the snap.
    static let mostConflicts = 20

    func orderTime(_ order: OrderRecord, _ now: Int64) -> Int64 {
        if case .running = order.undertaking { return due(orderPoll.at, now, longest: AgentTiming.longestPoll) }
        return due(order.notBefore, now, longest: AgentTiming.longestRetry)
    }

    func step(of order: OrderRecord) -> Step {
        let startsChange = (try? SnapdCall(ordered: order.request))?.startsChange ?? false
        switch order.undertaking {
        case .planned: return startsChange ? .numberChanges(.order) : .perform(order.request)
        case .begun: return .perform(order.request)
        case .unsure(let number):
            let names = order.request.snap.map { [String($0.prefix { $0 != "." })] } ?? []
            return .findChange(after: number, about: names, .order)
        case .running(let change): return .poll(change: change, .order)
        }
    }

    mutating func applyOrder(_ event: AgentEvent, at now: Int64, chance: Double) {
        guard var order = kept.orders.first else { return }
        switch event {
        case .changesNumbered(let last, _): order.undertaking = .begun(after: last)
        case .changeFound(nil, _):
            guard order.attempt < Self.mostConflicts else {
                return end(order, false, "snapd was asked \(Self.mostConflicts) times and has begun nothing; see its journal")
            }
            postpone(&order, at: now, chance: chance)
        case .changeFound(let change?, _), .started(let change, _):
            order.undertaking = .running(change: change)
            orderPoll.begin(at: now)
        case .refused(let refusal, _):
            guard refusal.isConflict, order.attempt < Self.mostConflicts else {
                return end(order, refusal.isDoneAlready(order.request.action), refusal.message)
            }
            postpone(&order, at: now, chance: chance)
        case .polled(nil, _):
            return end(order, false, "snapd has forgotten how this ended; the list of snaps tells what is there")
        case .polled(let change?, _):
            guard change.isReady else { return orderPoll.again(at: now) }
            return end(order, change.hasSucceeded, change.hasSucceeded ? change.summary : change.words)
        case .performed(let success, let message, let result):
            return finish(order.request, success: success, message: message, result: result)
        default: break
        }
        kept.orders[0] = order
    }

    /// It is asked for again, after a wait that grows.
    private func postpone(_ order: inout OrderRecord, at now: Int64, chance: Double) {
        order.attempt += 1
        order.undertaking = .planned
        order.notBefore = now + AgentTiming.retry(min(order.attempt, 5), chance: chance)
    }

    private mutating func end(_ order: OrderRecord, _ success: Bool, _ message: String) {
        finish(order.request, success: success, message: message)
        publishList()
    }
}
