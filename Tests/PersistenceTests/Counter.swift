import Foundation
import Synchronization

/// Kills its own process at the n-th call.
final class Counter: Sendable {
    private let left: Atomic<Int>

    init(killAfter count: Int) { left = Atomic(count) }

    func next() {
        if left.subtract(1, ordering: .relaxed).newValue <= 0 { kill(getpid(), SIGKILL) }
    }
}
