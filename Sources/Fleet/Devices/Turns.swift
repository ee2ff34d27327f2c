import Synchronization

/// Lets changes run one after the other, in the order of asking: those of one key, or one that concerns all.
///
/// A change goes to the storage and then to the memory. Two of them side by side could reach the two in different
/// orders, and leave them different.
final class Turns<Key: Hashable & Sendable>: Sendable {
    enum Claim: Sendable {
        case one(Key)
        case all
    }

    private struct State {
        var busy = Set<Key>()
        var allAreBusy = false
        var waiting: [(claim: Claim, begin: CheckedContinuation<Void, Never>)] = []

        mutating func grant(_ claim: Claim) -> Bool {
            switch claim {
            case .one(let key): return !allAreBusy && busy.insert(key).inserted
            case .all:
                guard !allAreBusy, busy.isEmpty else { return false }
                allAreBusy = true
                return true
            }
        }
    }

    private let state = Mutex(State())

    /// Returns when it is the caller's turn; `give` must follow with the same claim.
    func take(_ claim: Claim) async {
        await withCheckedContinuation { continuation in
            let isGranted = state.withLock { state in
                // Behind those who wait already, or a change of all could wait for ever.
                if state.waiting.isEmpty, state.grant(claim) { return true }
                state.waiting.append((claim, continuation))
                return false
            }
            if isGranted { continuation.resume() }
        }
    }

    func give(_ claim: Claim) {
        let next = state.withLock { state in
            switch claim {
            case .one(let key): state.busy.remove(key)
            case .all: state.allAreBusy = false
            }
            var count = 0
            while count < state.waiting.count, state.grant(state.waiting[count].claim) { count += 1 }
            let next = state.waiting.prefix(count).map(\.begin)
            state.waiting.removeFirst(count)
            return next
        }
        for continuation in next { continuation.resume() }
    }
}
