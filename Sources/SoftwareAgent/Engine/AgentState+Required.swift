import Snaps

/// Installing required snaps: look, fetch, acknowledge, install, look again; given up never, done only when they are there.
extension AgentState {
    func requiredTime(_ required: RequiredInstallRecord, _ now: Int64) -> Int64 {
        if case .installing(_, .running) = required.phase { return due(requiredPoll.at, now, longest: AgentTiming.longestPoll) }
        return due(required.notBefore, now, longest: AgentTiming.longestRetry)
    }

    func step(of required: RequiredInstallRecord) -> Step {
        switch required.phase {
        case .looking, .checking: return .lookAtList
        case .preparing(let names):
            for name in names {
                guard let snap = required.snap(name), let digest = snap.digest else { continue }
                if !required.fetched.contains(digest) { return .fetch(snap) }
            }
            for name in names {
                guard let snap = required.snap(name), let digest = snap.digest else { continue }
                if !required.acknowledged.contains(digest) { return .acknowledge(snap) }
            }
            return .numberChanges(.required)
        case .installing(let names, let undertaking):
            switch undertaking {
            case .planned: return .numberChanges(.required)
            case .begun: return .install(names.compactMap(required.snap))
            case .unsure(let number): return .findChange(after: number, about: names.map(\.text), .required)
            case .running(let change): return .poll(change: change, .required)
            }
        }
    }

    mutating func applyPreparation(_ event: AgentEvent, at now: Int64, chance: Double) {
        guard var required = kept.required else { return }
        switch event {
        case .listed(let present):
            look(at: present, &required, at: now, chance: chance)
            if kept.required == nil { return }
        case .fetched(let snap): if let digest = snap.digest { required.fetched.append(digest) }
        case .acknowledged(let snap): if let digest = snap.digest { required.acknowledged.append(digest) }
        case .unprepared(let snap, let words):
            required.passOver([snap.name], words)
        default: break
        }
        kept.required = required
    }

    private mutating func look(at present: Set<SnapName>, _ required: inout RequiredInstallRecord, at now: Int64, chance: Double) {
        if case .checking(let names) = required.phase {
            let absent = names.filter { !present.contains($0) }
            if absent.count < names.count { required.attempt = 0 }
            if !absent.isEmpty { required.passOver(absent, "snapd says that it is installed, and does not list it") }
        }
        let missing = required.snaps.map(\.name).filter { !present.contains($0) }
        guard !missing.isEmpty else {
            kept.required = nil
            answer(required.id, .requiredInstall, true, "", progress: .done)
            return publishList()
        }
        let open = missing.filter { name in !required.problems.contains { $0.snap == name } }
        if open.isEmpty {
            endRound(&required, at: now, chance: chance)
        } else {
            required.phase = .preparing(required.batch(of: open))
        }
    }

    /// Everything that is missing was tried: the server hears why, and it is tried again later.
    private mutating func endRound(_ required: inout RequiredInstallRecord, at now: Int64, chance: Double) {
        let words = required.problems.map { "\($0.snap): \($0.words)" }.joined(separator: "\n")
        if required.reported != words {
            answer(required.id, .requiredInstall, false, words, progress: .failed)
            publishList()
        }
        required.reported = words
        required.problems = []
        required.isTogether = true
        required.phase = .looking
        required.attempt += 1
        required.notBefore = now + AgentTiming.retry(required.attempt, chance: chance)
    }

    mutating func applyInstall(_ event: AgentEvent, at now: Int64, chance: Double) {
        guard var required = kept.required else { return }
        defer { kept.required = required }
        switch (event, required.phase) {
        case (.changesNumbered(let last, _), .preparing(let names)), (.changesNumbered(let last, _), .installing(let names, .planned)):
            required.phase = .installing(names, .begun(after: last))
        case (.changeFound(let change?, _), .installing(let names, .unsure)), (.started(let change, _), .installing(let names, .begun)):
            required.phase = .installing(names, .running(change: change))
            requiredPoll.begin(at: now)
            conflicts = 0
            isHeldUp = false
        case (.changeFound, .installing):
            // It was never heard: look what is there, and begin it.
            required.lookLater(at: now, chance: chance)
        case (.refused(let refusal, _), .installing(let names, _)):
            if refusal.isConflict {
                conflicts += 1
                required.phase = .looking
                required.notBefore = now + AgentTiming.retry(conflicts, atMost: AgentTiming.longestReach, chance: chance)
            } else if refusal.isDoneAlready(.requiredInstall) {
                required.phase = .checking(names)
            } else {
                required.fail(names, refusal.message)
            }
        case (.polled(nil, _), .installing):
            required.lookLater(at: now, chance: chance)
        case (.polled(let change?, _), .installing(let names, _)):
            guard change.isReady else {
                holdUp(change, &required, at: now)
                return requiredPoll.again(at: now)
            }
            if change.hasSucceeded { required.phase = .checking(names) } else { required.fail(names, change.words) }
        default: break
        }
    }

    /// A change that waits, for a reboot or for ever, is watched on; ordinary orders wait for it no longer.
    private mutating func holdUp(_ change: SnapdChange, _ required: inout RequiredInstallRecord, at now: Int64) {
        isHeldUp = isHeldUp || change.status == "Wait" || requiredPoll.age(at: now) >= AgentTiming.longestHold
        // Once, also over a restart.
        let words = "snapd waits: "
        guard isHeldUp, required.reported?.hasPrefix(words) != true else { return }
        required.reported = words + change.status
        answer(required.id, .requiredInstall, false, words + change.status, progress: .failed)
    }
}

extension RequiredInstallRecord {
    /// What became of the change is not known: the list tells, after a wait, so that a snapd that forgets is not asked without end.
    fileprivate mutating func lookLater(at now: Int64, chance: Double) {
        phase = .looking
        attempt += 1
        notBefore = now + AgentTiming.retry(attempt, chance: chance)
    }

    /// Not again in this round; the others have their turn.
    mutating func passOver(_ names: [SnapName], _ words: String) {
        problems += names.map { Problem(snap: $0, words: words.cut()) }
        let digests = names.compactMap { snap($0)?.digest }
        fetched.removeAll { digests.contains($0) }
        acknowledged.removeAll { digests.contains($0) }
        phase = .looking
    }

    /// Several that failed together are tried one by one, so that one does not keep the others out.
    mutating func fail(_ names: [SnapName], _ words: String) {
        guard names.count > 1 else { return passOver(names, words) }
        isTogether = false
        phase = .looking
    }
}
