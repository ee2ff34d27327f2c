import Snaps

/// Decides what the agent does: the record that is kept, and what this process knows besides.
///
/// Pure: ``turn(at:)`` says what is next, ``apply(_:at:chance:)`` takes what came of it. Whoever drives it saves
/// ``kept`` whenever it changed, before the next step.
///
/// ```swift
/// while case .step(let step) = state.turn(at: now()) {
///     state.apply(await perform(step), at: now(), chance: .random(in: 0...1))
///     try store.save(state.kept)
/// }
/// ```
public struct AgentState: Equatable, Sendable {
    public internal(set) var kept: AgentRecord
    public let timing: AgentTiming
    /// Times are milliseconds since 1970.
    var heartbeatAt: Int64?
    var serverAt: Int64 = 0
    var serverFailures = 0
    var snapdAt: Int64 = 0
    var snapdFailures = 0
    var requiredPoll = Polling()
    var orderPoll = Polling()
    /// Refusals in a row because other changes have a required snap.
    var conflicts = 0
    /// The change of the required snaps waits: ordinary orders no longer wait for it.
    var isHeldUp = false

    /// What was under way when the record was written is looked up, not begun again.
    public init(_ record: AgentRecord, timing: AgentTiming, now: Int64) {
        kept = record
        self.timing = timing
        heartbeatAt = now
        if case .installing(let names, let undertaking)? = record.required?.phase {
            kept.required?.phase = .installing(names, undertaking.afterRestart)
        }
        for index in kept.orders.indices { kept.orders[index].undertaking = kept.orders[index].undertaking.afterRestart }
    }

    public func turn(at now: Int64) -> Turn {
        let heartbeatTime = heartbeatAt.map { due($0, now, longest: 2 * timing.heartbeat) }
        if let heartbeatTime, heartbeatTime <= now { return .step(.heartbeat) }
        var times = heartbeatTime.map { [$0] } ?? []
        let serverTime = due(serverAt, now, longest: AgentTiming.longestReach)
        if let answer = kept.answers.first {
            if serverTime <= now { return .step(.deliver(answer)) }
            times.append(serverTime)
        }
        let snapdTime = due(snapdAt, now, longest: AgentTiming.longestReach)
        if let required = kept.required {
            let time = max(snapdTime, requiredTime(required, now))
            if time <= now { return .step(step(of: required)) }
            times.append(time)
        }
        if let id = kept.lists.first {
            let time = max(serverTime, snapdTime)
            if time <= now { return .step(.publishList(id: id)) }
            times.append(time)
        }
        // While snapd installs what is required, ordinary work stands back; not when that waits itself.
        if let order = kept.orders.first, !isInstalling {
            let time = max(snapdTime, orderTime(order, now))
            if time <= now { return .step(step(of: order)) }
            times.append(time)
        }
        return .wait(until: times.min() ?? now + timing.heartbeat)
    }

    private var isInstalling: Bool {
        if case .installing(_, .running)? = kept.required?.phase { !isHeldUp } else { false }
    }

    /// A time further off than any wait is one from before the clock was set.
    func due(_ time: Int64, _ now: Int64, longest: Int64) -> Int64 { time - now > longest ? now : time }

    public mutating func apply(_ event: AgentEvent, at now: Int64, chance: Double) {
        switch event {
        case .heartbeatTaken, .delivered, .answerRefused, .listPublished, .serverFailed:
            applyServer(event, at: now, chance: chance)
        case .snapdFailed:
            snapdFailures += 1
            snapdAt = now + AgentTiming.retry(snapdFailures, atMost: AgentTiming.longestReach, chance: chance)
            loseAnswer()
        case .listed, .fetched, .fetchedPart, .acknowledged, .unprepared:
            reachedSnapd()
            applyPreparation(event, at: now, chance: chance)
        case .changesNumbered(_, let subject), .changeFound(_, let subject), .started(_, let subject), .refused(_, let subject),
            .polled(_, let subject):
            reachedSnapd()
            if subject == .required {
                applyInstall(event, at: now, chance: chance)
            } else {
                applyOrder(event, at: now, chance: chance)
            }
        case .performed:
            reachedSnapd()
            applyOrder(event, at: now, chance: chance)
        }
    }

    private mutating func reachedSnapd() {
        snapdAt = 0
        snapdFailures = 0
    }

    /// What was asked for may have been heard.
    private mutating func loseAnswer() {
        if case .installing(let names, let undertaking)? = kept.required?.phase {
            kept.required?.phase = .installing(names, undertaking.afterRestart)
        }
        if !kept.orders.isEmpty { kept.orders[0].undertaking = kept.orders[0].undertaking.afterRestart }
    }
}
