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
        for request in asked.unknown where (1...128).contains(request.id.utf8.count) && !awaitsDelivery(request.id) {
            keep(SnapAnswer(refusing: request.id, action: request.action, "this agent does not know \(request.action)"))
        }
    }

    private mutating func take(_ request: SnapRequest) {
        switch request.action {
        case .requiredInstall: takeRequired(request)
        case .list:
            guard !kept.lists.contains(request.id) else { return }
            kept.lists.append(request.id)
            // One list answers to what all of them want to know; the server asks again if it misses the oldest.
            if kept.lists.count > AgentRecord.mostLists { kept.lists.removeFirst() }
        default: takeOrder(request)
        }
    }

    /// The same id is the same request, if with another plan. Another one takes the place of the one before, and of the change
    /// that runs for it.
    private mutating func takeRequired(_ request: SnapRequest) {
        guard !request.id.isEmpty else { return }
        if kept.required?.id == request.id { return takeAgain(request) }
        guard !awaitsDelivery(request.id) else { return }
        guard let snaps = request.snaps, Self.isPlan(snaps) else {
            let words = "the request has no list of snaps, one of more than \(AgentRecord.mostRequired), or one that names a snap twice"
            return answer(request.id, .requiredInstall, false, words, progress: .failed)
        }
        guard !snaps.isEmpty else {
            // Nothing is required any more that was not there: what snapd has begun it ends, what it has not is not begun.
            kept.required = nil
            return answer(request.id, .requiredInstall, true, "", progress: .accepted)
        }
        var record = RequiredInstallRecord(id: request.id, snaps: snaps)
        if let before = kept.required { record.phase = before.underWay ?? .looking }
        kept.required = record
        answer(request.id, .requiredInstall, true, "", progress: .accepted)
    }

    /// The server plans anew at each repeat: where the snaps come from may be otherwise now. It was told that they are accepted.
    private mutating func takeAgain(_ request: SnapRequest) {
        guard let snaps = request.snaps, !snaps.isEmpty, Self.isPlan(snaps), let before = kept.required, before.snaps != snaps else {
            return
        }
        let digests = Set(snaps.compactMap(\.digest))
        var record = RequiredInstallRecord(id: request.id, snaps: snaps)
        record.phase = before.underWay ?? .looking
        record.fetched = before.fetched.filter(digests.contains)
        record.acknowledged = before.acknowledged.filter(digests.contains)
        record.reported = before.reported
        kept.required = record
    }

    private static func isPlan(_ snaps: [RequiredSnap]) -> Bool {
        snaps.count <= AgentRecord.mostRequired && Set(snaps.map(\.name)).count == snaps.count
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
            guard request.data?.utf8.count ?? 0 <= AgentRecord.longestData else {
                throw SoftwareAgentError(.orderInvalid, "its data has more than \(AgentRecord.longestData) bytes")
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
        keep(SnapAnswer(id: id, action: action, success: success, message: message.cut(), result: result, progress: progress))
    }

    private mutating func keep(_ answer: SnapAnswer) {
        kept.answers.append(KeptAnswer(id: answer.id, document: String(decoding: answer.json, as: UTF8.self)))
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
