import Snaps

/// The engine: (what is known, what was said, now) → (what is known then, what is sent).
extension SnapDevice {
    mutating func hear(_ event: SnapEvent, in world: SnapSurroundings) -> SnapDecision {
        var decision = SnapDecision()
        let before = record
        switch event {
        case .heartbeat(let heartbeat):
            note(heartbeat)
            askForList(heartbeat.hashes, &decision, world)
            // Names that may have changed say nothing of what is missing: the list comes first.
            if let hashes = heartbeat.hashes, hashes.names == record.hashes?.names { require(&decision, afterList: false, world) }
            expireOrders(&decision, at: world.now)
        case .list(let list):
            take(list)
            require(&decision, afterList: true, world)
        case .answer(let answer):
            if let outcome = self.outcome(of: answer, at: world.now) {
                orders.removeAll { $0.id == outcome.id }
                decision.finished.append(outcome)
            } else {
                noteProgress(answer, at: world.now)
            }
        }
        sendOrders(&decision, world)
        decision.mustSave = record != before
        return decision
    }

    private mutating func note(_ heartbeat: Heartbeat) {
        if let model = heartbeat.model {
            record.model.hear(DeviceModel.Claim(name: model, brand: heartbeat.brand, source: .heartbeat))
        }
        // What it was enrolled with is worth more than its own word.
        if let serial = heartbeat.serial, record.model.reported?.source != .assertion { record.model.serial = serial }
        if let architecture = heartbeat.architecture { record.architecture = architecture }
    }

    // MARK: The list

    private mutating func askForList(_ hashes: SnapHashes?, _ decision: inout SnapDecision, _ world: SnapSurroundings) {
        // An agent from before the hashes is never asked.
        guard let hashes else { return }
        guard hashes != record.hashes else {
            listRequest = nil
            return
        }
        var request = listRequest ?? SentRequest(id: world.newID(), lastSent: askedAt)
        guard request.isDue(.list, at: world.now), world.mayAsk(request.attempts > 0) else {
            listRequest = request
            return
        }
        request.send(at: world.now)
        askedAt = world.now
        listRequest = request
        decision.send.append(SnapRequest(id: request.id, action: .list))
    }

    private mutating func take(_ list: SnapList) {
        record.hashes = list.hashes
        record.names = list.names
        // One without hashes leaves the request as it is: the next heartbeat differs again, and must not ask at once for ever.
        if list.hashes != nil { listRequest = nil }
    }

    // MARK: What is required

    private mutating func require(_ decision: inout SnapDecision, afterList: Bool, _ world: SnapSurroundings) {
        let missing = missing(of: world.requirements(record.model))
        updateRequired(missing.map(\.snap).sorted(), afterList: afterList, world)
        guard var required = record.required, required.isOpen, required.request.isDue(.requiredInstall, at: world.now),
            world.mayTell(required.request.attempts > 0)
        else { return }
        required.request.send(at: world.now)
        if required.state == .waiting {
            required.state = .told
            required.changedAt = world.now
        }
        record.required = required
        decision.send.append(SnapRequest(id: required.request.id, required: world.plan(missing, record)))
    }

    /// What of `requirements` the last list does not show; nothing before the first list.
    func missing(of requirements: [SnapRequirement]) -> [SnapRequirement] {
        guard let names = record.names else { return [] }
        return requirements.filter { !names.contains($0.snap) }
    }

    private mutating func updateRequired(_ missing: [SnapName], afterList: Bool, _ world: SnapSurroundings) {
        guard let required = record.required, required.isOpen else {
            if !missing.isEmpty { record.required = begin(missing, world, after: record.required?.request.lastSent ?? 0) }
            return
        }
        let names = record.names ?? []
        let isWithdrawn = required.missing.contains { !missing.contains($0) && !names.contains($0) }
        if missing.isEmpty {
            if isWithdrawn {
                // The agent may still be trying for it: it is told that nothing is required any more.
                record.required = required.request.attempts > 0 ? begin([], world, after: required.request.lastSent) : nil
            } else if !required.missing.isEmpty {
                record.required?.state = .installed
                record.required?.changedAt = world.now
            } else if required.request.attempts >= RequiredInstall.mostWithdrawals {
                record.required = nil
            }
        } else if isWithdrawn || !missing.allSatisfy(required.missing.contains) {
            record.required = begin(missing, world, after: required.request.lastSent)
        } else if afterList, required.state == .done {
            // What the agent calls done is not there: asked again under a new name, no sooner than if it had not answered.
            record.required = begin(missing, world, after: required.request.lastSent, attempts: required.request.attempts)
        }
    }

    private func begin(
        _ missing: [SnapName], _ world: SnapSurroundings, after lastSent: Int64 = 0, attempts: Int = 0
    ) -> RequiredInstall {
        RequiredInstall(
            request: SentRequest(id: world.newID(), attempts: attempts, lastSent: lastSent), missing: missing, since: world.now,
            changedAt: world.now)
    }

    private mutating func noteProgress(_ answer: SnapAnswer, at now: Int64) {
        guard var required = record.required, required.isOpen, answer.action == SnapAction.requiredInstall.rawValue,
            answer.id == required.request.id
        else { return }
        guard !required.missing.isEmpty || !answer.success else {
            record.required = nil
            return
        }
        let state: RequiredInstall.State =
            switch answer.progress ?? (answer.success ? .accepted : .failed) {
            case .accepted: .accepted
            case .done: .done
            case .failed: .failed
            }
        guard state != required.state || answer.message != required.message else { return }
        required.state = state
        required.message = answer.message
        required.changedAt = now
        record.required = required
    }

    // MARK: Orders

    /// The order that an answer ends, with its outcome.
    func outcome(of answer: SnapAnswer, at now: Int64) -> SnapOrder? {
        guard var order = orders.first(where: { $0.id == answer.id && $0.action.rawValue == answer.action }) else { return nil }
        order.outcome = SnapOrder.Outcome(
            kind: answer.success ? .succeeded : .failed, message: answer.message, result: answer.result, at: now)
        return order
    }

    private mutating func expireOrders(_ decision: inout SnapDecision, at now: Int64) {
        guard !orders.isEmpty else { return }
        decision.finished += orders.filter { $0.isExpired(at: now) }.map { $0.expired(at: now) }
        orders.removeAll { $0.isExpired(at: now) }
    }

    /// Of each action the oldest order: the next one when it is answered.
    private mutating func sendOrders(_ decision: inout SnapDecision, _ world: SnapSurroundings) {
        guard !orders.isEmpty else { return }
        var actions = Set<SnapAction>()
        for index in orders.indices where actions.insert(orders[index].action).inserted {
            let order = orders[index]
            guard order.request.attempts == 0 || world.transport.mayRepeat(order.action), order.request.isDue(.order, at: world.now) else {
                continue
            }
            orders[index].request.send(at: world.now)
            decision.send.append(order.message)
            decision.sent.append(orders[index])
        }
    }
}
