import DeviceAuth
import Synchronization

/// One device in memory. Connections hold on to it for their life.
///
/// A reader that keeps a copy of the state needs one atomic load to know that the copy still holds; the lock is
/// taken only when something changed.
public final class DeviceEntry: Sendable {
    public let id: DeviceID
    public let configuration = DeviceConfiguration()
    private let current: Mutex<DeviceState>
    private let changes: Atomic<UInt64>
    private let seen: Atomic<Int64>
    private let waits: Atomic<Bool>
    /// ``ContactHours/bits``.
    private let hours: Atomic<UInt64>

    public init(_ state: DeviceState, lastSeen: Int64, contactHours: ContactHours = ContactHours()) {
        id = state.id
        current = Mutex(state)
        changes = Atomic(1)
        seen = Atomic(lastSeen)
        waits = Atomic(false)
        hours = Atomic(contactHours.bits)
    }

    public var state: DeviceState { current.withLock { $0 } }

    /// Rises with every change of the state.
    public var revision: UInt64 { changes.load(ordering: .acquiring) }

    /// Seconds since 1970; 0 when the device was never seen.
    public var lastSeen: Int64 { seen.load(ordering: .relaxed) }

    /// Changes the state and returns whether it differs from before.
    @discardableResult
    public func change(_ body: (inout DeviceState) -> Void) -> Bool {
        current.withLock { state in
            let before = state
            body(&state)
            guard state != before else { return false }
            // Before the number: who sees the new number finds the answer forgotten.
            if state.group != before.group { configuration.forgetAnswer() }
            changes.add(1, ordering: .releasing)
            return true
        }
    }

    /// The hours of the day in which it was seen lately.
    public var contactHours: ContactHours { ContactHours(bits: hours.load(ordering: .relaxed)) }

    /// Notes a contact.
    public func see(at seconds: Int64) {
        seen.store(seconds, ordering: .relaxed)
        let before = hours.load(ordering: .relaxed)
        let after = ContactHours(bits: before).seen(at: seconds).bits
        guard after != before else { return }
        // Another connection of the device may be quicker: what is lost then is noted a second later.
        _ = hours.compareExchange(expected: before, desired: after, ordering: .relaxed)
    }

    /// Claims the entry for a write-behind buffer; false when one has it already.
    public func enqueue() -> Bool { !waits.exchange(true, ordering: .acquiringAndReleasing) }

    /// Gives the claim back and returns what is to be written. A change after this claims it anew.
    public func dequeue() -> CheckInRecord {
        // An exchange, not a store: it must see what was noted before a claim that it turns away.
        _ = waits.exchange(false, ordering: .acquiringAndReleasing)
        return CheckInRecord(state: state, lastSeen: lastSeen, contactHours: contactHours)
    }
}
