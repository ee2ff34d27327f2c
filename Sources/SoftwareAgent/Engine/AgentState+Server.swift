import Snaps

/// The server's side: heartbeats, answers that wait for it, and what it asks.
extension AgentState {
    mutating func applyServer(_ event: AgentEvent, at now: Int64, chance: Double) {
        if event == .serverFailed {
            serverFailures += 1
            serverAt = now + AgentTiming.retry(serverFailures, atMost: AgentTiming.longestReach, chance: chance)
            return
        }
        serverFailures = 0
        serverAt = 0
        switch event {
        case .heartbeatTaken(let asked): take(asked)
        case .delivered(let answer, let asked):
            drop(answer)
            take(asked)
        case .answerRefused(let answer): drop(answer)
        case .listPublished(let id, let asked):
            kept.lists.removeAll { $0 == id || $0.isEmpty }
            take(asked)
        default: break
        }
    }

    /// Whoever drives it calls this when a heartbeat begins: the next one follows whether this one arrives or not.
    public mutating func beginHeartbeat(at now: Int64, chance: Double) { heartbeatAt = now + timing.nextHeartbeat(chance: chance) }

    /// For a run of one round: no heartbeat after the first.
    public mutating func endHeartbeats() { heartbeatAt = nil }

    private mutating func drop(_ answer: KeptAnswer) {
        if let index = kept.answers.firstIndex(of: answer) { kept.answers.remove(at: index) }
    }

    mutating func take(_ asked: SnapRequests) {
        for request in asked.requests where request.id.utf8.count <= 128 { take(request) }
    }

    private mutating func take(_ request: SnapRequest) {
        switch request.action {
        case .requiredInstall: takeRequired(request)
        case .list: if !kept.lists.contains(request.id) { kept.lists.append(request.id) }
        default: takeOrder(request)
        }
    }

    /// The same id is the same request. Another one takes the place of the one before, and of the change that runs for it.
    private mutating func takeRequired(_ request: SnapRequest) {
        guard !request.id.isEmpty, kept.required?.id != request.id, !awaitsDelivery(request.id) else { return }
        guard let snaps = request.snaps, Set(snaps.map(\.name)).count == snaps.count else {
            return answer(request.id, .requiredInstall, false, "the request has no list of snaps, or names one twice", progress: .failed)
        }
        guard !snaps.isEmpty else {
            // Nothing is required any more that was not there: what snapd has begun it ends, what it has not is not begun.
            kept.required = nil
            return answer(request.id, .requiredInstall, true, "", progress: .accepted)
        }
        var record = RequiredInstallRecord(id: request.id, snaps: snaps)
        if case .installing(let names, let undertaking)? = kept.required?.phase {
            record.phase = .installing(names, undertaking)
        }
        kept.required = record
        answer(request.id, .requiredInstall, true, "", progress: .accepted)
    }

    private mutating func takeOrder(_ request: SnapRequest) {
        guard !request.id.isEmpty, !kept.orders.contains(where: { $0.request.id == request.id }), !awaitsDelivery(request.id) else {
            return
        }
        if let before = kept.finished.first(where: { $0.id == request.id }) {
            return answer(request.id, request.action, before.success, before.message)
        }
        do throws(SoftwareAgentError) {
            guard kept.orders.count < AgentRecord.mostOrders else {
                throw SoftwareAgentError(.orderInvalid, "\(AgentRecord.mostOrders) orders wait already; order it again later")
            }
            _ = try SnapdCall(ordered: request)
            kept.orders.append(OrderRecord(request))
        } catch {
            finish(request, success: false, message: error.message)
        }
    }

    private func awaitsDelivery(_ id: String) -> Bool { kept.answers.contains { $0.id == id } }

    mutating func finish(_ request: SnapRequest, success: Bool, message: String, result: String? = nil) {
        kept.orders.removeAll { $0.request.id == request.id }
        kept.finished.append(FinishedRequest(id: request.id, success: success, message: message.cut()))
        if kept.finished.count > AgentRecord.mostFinished { kept.finished.removeFirst() }
        answer(request.id, request.action, success, message, result: result)
    }

    mutating func answer(
        _ id: String, _ action: SnapAction, _ success: Bool, _ message: String, result: String? = nil,
        progress: SnapAnswer.Progress? = nil
    ) {
        let answer = SnapAnswer(id: id, action: action, success: success, message: message.cut(), result: result, progress: progress)
        kept.answers.append(KeptAnswer(id: id, document: String(decoding: answer.json, as: UTF8.self)))
        // The oldest is the one that the server has asked for again, or given up.
        if kept.answers.count > AgentRecord.mostAnswers { kept.answers.removeFirst() }
    }

    /// The list tells best what has changed; nobody has to ask for it.
    mutating func publishList() { if kept.lists.isEmpty { kept.lists.append("") } }
}

extension String {
    /// To what an answer's message may hold.
    func cut() -> String {
        guard utf8.count > SnapAnswer.longestMessage else { return self }
        return String(decoding: utf8.prefix(SnapAnswer.longestMessage - 4), as: UTF8.self)
    }
}
