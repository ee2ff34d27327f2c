import Synchronization

/// One device's own configuration files and its last answer, in memory. A device whose configuration did not change is
/// answered with atomic loads alone.
public final class DeviceConfiguration: Sendable {
    private let level = Mutex<ConfigurationVersion?>(nil)
    private let loaded = Atomic(false)
    private let changes = Atomic<UInt64>(1)
    private let answered = Atomic<UInt64>(0)

    init() {}

    /// The device's own files were read from the disk; before that nobody asked for them.
    public var isLoaded: Bool { loaded.load(ordering: .acquiring) }

    /// The device's own files; nil when there never were any. Takes a short lock.
    public var version: ConfigurationVersion? { level.withLock { $0 } }

    /// The revision of the last change of the device's own files.
    public var changed: UInt64 { changes.load(ordering: .acquiring) }

    func load(_ version: ConfigurationVersion?) {
        level.withLock { $0 = version }
        loaded.store(true, ordering: .releasing)
    }

    func publish(_ version: ConfigurationVersion?, revision: UInt64) {
        load(version)
        changes.store(revision, ordering: .releasing)
    }

    // MARK: Answers

    /// To be read before anything that goes into an answer, and to be handed to ``remember(_:at:revision:)``.
    public var lastAnswer: AnsweredConfiguration { AnsweredConfiguration(bits: answered.load(ordering: .acquiring)) }

    /// Whether a device that names the second `since` has what holds now.
    public func isCurrent(since: Int64, changed others: UInt64) -> Bool {
        lastAnswer.isCurrent(since: since, changed: max(others, changed))
    }

    /// Remembers an answer of `second` that was made out of what held at `revision`; see ``AnsweredConfiguration``.
    public func remember(_ before: AnsweredConfiguration, at second: Int64, revision: UInt64) {
        guard let new = before.answering(at: second, revision: revision) else { return doubt(second) }
        let (isExchanged, _) = answered.compareExchange(expected: before.bits, desired: new.bits, ordering: .acquiringAndReleasing)
        if !isExchanged { doubt(second) }
    }

    private func doubt(_ second: Int64) { change { $0.doubting(second) } }

    /// The device's group changed: whatever it holds is out of date.
    func forgetAnswer() { change { $0.forgotten } }

    private func change(_ body: (AnsweredConfiguration) -> AnsweredConfiguration?) {
        var before = answered.load(ordering: .acquiring)
        while let after = body(AnsweredConfiguration(bits: before)), after.bits != before {
            let (isExchanged, found) = answered.compareExchange(
                expected: before, desired: after.bits, ordering: .acquiringAndReleasing)
            if isExchanged { return }
            before = found
        }
    }
}
