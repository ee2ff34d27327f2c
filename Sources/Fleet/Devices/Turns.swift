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
        /// How many wait for each key, and for all.
        var awaited: [Key: Int] = [:]
        var awaitedByAll = 0

        /// Whether somebody waits already who must come first.
        func isAwaited(_ claim: Claim) -> Bool {
            switch claim {
            case .one(let key): awaitedByAll > 0 || awaited[key] != nil
            case .all: !waiting.isEmpty
            }
        }

        mutating func wait(_ claim: Claim, _ begin: CheckedContinuation<Void, Never>) {
            waiting.append((claim, begin))
            switch claim {
            case .one(let key): awaited[key, default: 0] += 1
            case .all: awaitedByAll += 1
            }
        }

        /// Those whose turn it is: of each key the first, and nobody past a change of all.
        mutating func grantWaiting() -> [CheckedContinuation<Void, Never>] {
            var granted: [CheckedContinuation<Void, Never>] = []
            var left: [(claim: Claim, begin: CheckedContinuation<Void, Never>)] = []
            var isClosed = false
            for waiter in waiting {
                if !isClosed, grant(waiter.claim) {
                    forget(waiter.claim)
                    granted.append(waiter.begin)
                } else {
                    left.append(waiter)
                    if case .all = waiter.claim { isClosed = true }
                }
            }
            waiting = left
            return granted
        }

        private mutating func forget(_ claim: Claim) {
            switch claim {
            case .one(let key): awaited[key] = (awaited[key] ?? 1) > 1 ? (awaited[key] ?? 1) - 1 : nil
            case .all: awaitedByAll -= 1
            }
        }

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

    /// How many wait.
    var waitingCount: Int { state.withLock { $0.waiting.count } }

    /// Returns when it is the caller's turn; `give` must follow with the same claim.
    func take(_ claim: Claim) async {
        await withCheckedContinuation { continuation in
            let isGranted = state.withLock { state in
                // Behind those who wait for the same, and behind a change of all, which could wait for ever.
                if !state.isAwaited(claim), state.grant(claim) { return true }
                state.wait(claim, continuation)
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
            return state.grantWaiting()
        }
        for continuation in next { continuation.resume() }
    }
}
