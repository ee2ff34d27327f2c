import Synchronization

/// Counts what is here of a transfer, file by file, and tells it.
final class TransferMeter: Sendable {
    private let total: Int64
    private let done = Atomic<Int64>(0)
    private let progress: @Sendable (VerificationProgress) -> Void

    init(total: Int64, _ progress: @escaping @Sendable (VerificationProgress) -> Void) {
        self.total = total
        self.progress = progress
        progress(VerificationProgress(step: .receiving, done: 0, total: total, unit: .bytes))
    }

    func add(_ bytes: Int64) {
        let sum = done.wrappingAdd(bytes, ordering: .relaxed).newValue
        progress(VerificationProgress(step: .receiving, done: sum, total: total, unit: .bytes))
    }
}
